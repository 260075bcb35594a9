import path from 'node:path';
import { appendToFile } from './durable-file.ts';
import { CheckpointSink, type PublishedCheckpoint } from './checkpoint-sink.ts';

/**
 * Appends each checkpoint, and an empty line, to `<organization>.txt`. The file is opened anew each time, so it may be
 * rotated, copied away or made append-only by the system at any moment. Best kept where whoever runs the database
 * cannot write.
 */
export class FileCheckpointSink extends CheckpointSink {
  override readonly name: string;

  constructor(private readonly directory: string) {
    super();
    this.name = `file ${directory}`;
  }

  override accept({ organizationId, note }: PublishedCheckpoint): Promise<void> {
    return appendToFile(path.join(this.directory, `${organizationId}.txt`), `${note}\n`);
  }
}
