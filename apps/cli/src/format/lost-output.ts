import type { Writable } from 'node:stream';

/**
 * What becomes of an answer that cannot be written. Whoever stops reading (`| head`) has read enough, which is no error,
 * and does not stop what runs. Anything else, a full disk above all, must not look like success.
 */
export function listenForLostOutput(output: Writable, onLost: (message: string) => void): void {
  output.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') onLost(`the answer could not be written: ${message}`);
  });
}
