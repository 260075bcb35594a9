export { nodeCrypto } from './node-crypto.ts';
export { generateSigningKey, signerFromPem, SigningKeyError, type SigningKey } from './signing-key.ts';
export { randomBytes } from './random-pool.ts';
export { newId, uuidv7, uuidv7Hex } from './uuid.ts';
