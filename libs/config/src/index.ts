export { ConfigurationError, readConfig, type Environment } from './read-config.ts';
export { serviceNodeOptions } from './service-node-options.ts';
