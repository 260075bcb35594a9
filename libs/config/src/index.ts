export { ConfigurationError, readConfig, type Environment } from './read-config.ts';
