-- A speed-up shares the nonce of what it repeats, as a cancel does.
ALTER TABLE "transaction_attempts" DROP CONSTRAINT "transaction_attempts_kind_check";
ALTER TABLE "transaction_attempts" ADD CONSTRAINT "transaction_attempts_kind_check" CHECK ("kind" IN ('original', 'cancel', 'speedUp'));
