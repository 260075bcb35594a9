import 'reflect-metadata';
import { apiConfig } from './config.ts';
import { serve } from './serve.ts';

/** Serves until it is asked to stop. A start that fails says why in a line and ends with 1. */
try {
  const api = await serve(apiConfig());
  console.log(`api listens at ${api.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void api.close().then(() => process.exit(0)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
