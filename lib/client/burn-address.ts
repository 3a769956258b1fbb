/** Nobody holds their keys: the first few hold contracts of the chain itself, the others are where people burn coins or mark "native". */
const BURN =
  /^0x(?:0{37}[0-9a-f]{3}|0{36}dead|dead0{36}|0{32}deadbeef|dead0{32}beef|(?:dead){10}|(?:deadbeef){5}|e{40}|f{40})$/i;

/** Whether what is sent there is gone for good. */
export const isBurnAddress = (address: string): boolean => BURN.test(address);
