export { nodeCrypto } from './node-crypto.ts';
export { generateSigningKey, signerFromPem, SigningKeyError, type SigningKey } from './signing-key.ts';
