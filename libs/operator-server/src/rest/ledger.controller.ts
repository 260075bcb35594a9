import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { notFound, ProblemFilter, readWire } from '@countersign/http';
import { toIso, type OrganizationId } from '@countersign/kernel';
import { Ledger, type RecordedEvent } from '@countersign/ledger';
import { LedgerAccess, NothingSigned } from '@countersign/ledger-server';
import { Controller, Get, Header, Param, Query, StreamableFile, UseFilters, UseGuards } from '@nestjs/common';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';
import { EventsQuery } from './query.ts';

/** The signer is at most a second behind. */
const SIGNED_WITHIN_MILLISECONDS = 2_000;
const PAUSE_MILLISECONDS = 50;

@Controller('operator/organizations/:organization')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class LedgerController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly ledger: Ledger,
    private readonly access: LedgerAccess,
  ) {}

  @Get('events')
  async events(@Param('organization') reference: string, @Query() query: unknown) {
    const window = readWire(EventsQuery, query);
    const events = await this.ledger.readPositions(await this.finder.find(reference), window);
    return { events: events.map(eventForPeople), next: (events.at(-1)?.position ?? window.from - 1) + 1 };
  }

  /**
   * Covers what was committed when it was asked for, if the signer comes in time. The first line is made before the
   * answer starts, so that a refusal is still an HTTP status.
   */
  @Get('ledger/export')
  async export(@Param('organization') reference: string): Promise<StreamableFile> {
    const organizationId = await this.finder.find(reference);
    await this.#untilSigned(organizationId);
    const lines = this.access.exportLines(organizationId);
    const first = await lines.next().catch(refusedExport);
    const text = chunked(first.value as string, lines);
    return new StreamableFile(Readable.from(text, { objectMode: false }), { type: 'application/x-ndjson' });
  }

  @Get('ledger/checkpoint')
  @Header('content-type', 'text/plain; charset=utf-8')
  async checkpoint(@Param('organization') reference: string): Promise<string> {
    const checkpoint = await this.access.latestCheckpoint(await this.finder.find(reference));
    if (!checkpoint) throw nothingSigned();
    return checkpoint.note;
  }

  @Get('ledger/keys')
  @Header('content-type', 'text/plain; charset=utf-8')
  async keys(@Param('organization') reference: string): Promise<string> {
    const keys = await this.access.verifierKeys(await this.finder.find(reference));
    return keys.map((key) => `${key}\n`).join('');
  }

  async #untilSigned(organizationId: OrganizationId): Promise<void> {
    const { size } = await this.ledger.head(organizationId);
    const deadline = performance.now() + SIGNED_WITHIN_MILLISECONDS;
    while (performance.now() < deadline) {
      const checkpoint = await this.access.latestCheckpoint(organizationId);
      if (checkpoint && checkpoint.size >= size) return;
      await pause(PAUSE_MILLISECONDS);
    }
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
