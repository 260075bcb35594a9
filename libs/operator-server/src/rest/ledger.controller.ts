import { Readable } from 'node:stream';
import { toIso, type OrganizationId } from '@countersign/kernel';
import { Ledger, type RecordedEvent } from '@countersign/ledger';
import { formatVkey } from '@countersign/ledger/checkpoint';
import { Controller, Get, Header, Param, Query, StreamableFile, UseFilters, UseGuards } from '@nestjs/common';
import { CheckpointRows } from '../adapters/checkpoint-rows.ts';
import { LedgerExport, NothingSigned } from '../application/ledger-export.ts';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';
import { ProblemFilter } from './problem.filter.ts';
import { notFound, readWire } from './problem.ts';
import { EventsQuery } from './query.ts';

@Controller('operator/organizations/:organization')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class LedgerController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly ledger: Ledger,
    private readonly exporter: LedgerExport,
    private readonly checkpoints: CheckpointRows,
  ) {}

  @Get('events')
  async events(@Param('organization') reference: string, @Query() query: unknown) {
    const window = readWire(EventsQuery, query);
    const events = await this.ledger.readPositions(await this.finder.find(reference), window);
    return { events: events.map(eventForPeople), next: (events.at(-1)?.position ?? window.from - 1) + 1 };
  }

  /** The first line is made before the answer starts, so that a refusal is still an HTTP status. */
  @Get('ledger/export')
  async export(@Param('organization') reference: string): Promise<StreamableFile> {
    const lines = this.exporter.lines(await this.finder.find(reference));
    const first = await lines.next().catch(refusedExport);
    const text = chunked(first.value as string, lines);
    return new StreamableFile(Readable.from(text, { objectMode: false }), { type: 'application/x-ndjson' });
  }

  @Get('ledger/checkpoint')
  @Header('content-type', 'text/plain; charset=utf-8')
  async checkpoint(@Param('organization') reference: string): Promise<string> {
    const checkpoint = await this.checkpoints.latest(await this.finder.find(reference));
    if (!checkpoint) throw nothingSigned();
    return checkpoint.note;
  }

  @Get('ledger/keys')
  @Header('content-type', 'text/plain; charset=utf-8')
  async keys(@Param('organization') reference: string): Promise<string> {
    const organizationId: OrganizationId = await this.finder.find(reference);
    const { ranges } = await this.exporter.keyRing(organizationId, Number.MAX_SAFE_INTEGER);
    return ranges.map(({ key }) => `${formatVkey(key)}\n`).join('');
  }
}

function eventForPeople({ content, commitment, organizationId: _, recordedAt, ...header }: RecordedEvent) {
  return {
    ...header,
    recordedAt: toIso(recordedAt),
    commitment: Buffer.from(commitment).toString('base64'),
    payload: content && (JSON.parse(content.payload) as unknown),
    ...(content === null && { erased: true }),
  };
}

/** Lines in chunks: one write to the socket per line would cost more than reading it. */
const CHUNK_CHARACTERS = 64 * 1_024;

async function* chunked(first: string, lines: AsyncGenerator<string>): AsyncGenerator<string> {
  let chunk = `${first}\n`;
  for await (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

const nothingSigned = () =>
  notFound('ledger.nothing_signed', 'No checkpoint was signed yet: the signer is at most a second behind, try again.');

function refusedExport(error: unknown): never {
  throw error instanceof NothingSigned ? nothingSigned() : error;
}
