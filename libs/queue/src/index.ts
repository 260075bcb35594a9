export { connectQueues, type QueueAddress, type Queues, type WorkOptions } from './connect-queues.ts';
export { defineQueue, jobOptions, type QueueDefinition } from './define-queue.ts';
export { migrateQueues } from './migrate-queues.ts';
