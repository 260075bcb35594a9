export { keepSecrets, SecretUnreadable, type KeptSecrets } from './kept-secrets.ts';
export { keptSecret } from './kept-secret.ts';
export { keptSecretsOf, secretsSettings } from './kept-secrets.config.ts';
