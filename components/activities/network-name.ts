/** `EthereumSepolia` → "Ethereum Sepolia", `KeyECDSA` → "Key ECDSA". */
export const networkWords = (network: string): string =>
  network.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
