/**
 * How Node runs the api and the worker, wherever they are started.
 *
 * Left to itself on a large machine it lets garbage grow to four times what is alive before it collects: 440 MB for the
 * api under load. Told of a smaller heap it collects sooner (260 MB); the larger nursery keeps what lives for one batch
 * from being moved to the old generation.
 */
export const serviceNodeOptions = ['--max-old-space-size=1024', '--max-semi-space-size=32'] as const;
