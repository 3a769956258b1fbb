import { contractCode } from './compile';

/** The test token; the constructor's argument is the supply, all of it for the deployer. @returns creation bytecode with prefix. */
export const testTokenCode = (supply: bigint): `0x${string}` =>
  `${contractCode('TestToken')}${supply.toString(16).padStart(64, '0')}`;
