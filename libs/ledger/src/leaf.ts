import type { Actor } from '@countersign/kernel';
import { HASH_BYTES } from './bytes.ts';
import type { LedgerCrypto } from './crypto.ts';
import type { EventContent, EventHeader } from './envelope.ts';

/** First byte of every header. A new layout takes the next number; old leaves keep theirs for ever. */
export const HEADER_VERSION = 1;

/** RFC 6962 section 2.1: leaves and nodes are hashed in separate domains. */
const LEAF_PREFIX = 0x00;

const TEXT_BYTES_MAX = 0xffff;
const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const encoder = new TextEncoder();

/** Computes commitments and leaves. */
export interface LeafHasher {
  commitment(content: EventContent): Uint8Array;

  /** @throws {RangeError} for a header the layout cannot hold: a text over 65,535 bytes, an id that is no lower-case UUID. */
  leafHash(header: EventHeader, commitment: Uint8Array): Uint8Array;

  /** The header's bytes alone, freshly allocated: for documentation and other verifiers, not for the hot path. */
  headerBytes(header: EventHeader): Uint8Array;
}

/**
 * A hasher with its own buffer, which grows to the largest event it has seen. Not to be shared between threads;
 * within one, its functions are synchronous and cannot interleave.
 */
export function leafHasher(crypto: LedgerCrypto): LeafHasher {
  const writer = new HeaderWriter();

  return {
    commitment({ salt, payload }) {
      writer.reset(salt.length + 3 * payload.length);
      writer.bytes(salt);
      writer.utf8(payload);
      return crypto.sha256(writer.written());
    },
    leafHash(header, commitment) {
      writer.reset(1 + HASH_BYTES + headerBytesMax(header));
      writer.byte(LEAF_PREFIX);
      writer.header(header);
      writer.bytes(commitment);
      return crypto.sha256(writer.written());
    },
    headerBytes(header) {
      writer.reset(headerBytesMax(header));
      writer.header(header);
      return writer.written().slice();
    },
  };
}

/** UTF-8 takes at most three bytes for each UTF-16 unit. */
function headerBytesMax({ stream, type, actor }: EventHeader): number {
  const characters = stream.length + type.length + actorLength(actor);
  return 128 + 3 * characters;
}

const actorLength = ({ kind, id, method, credential }: Actor) =>
  kind.length + id.length + method.length + credential.length;

/** Writes big-endian into one reused buffer: at 12,000 events a second, allocating is what costs. */
class HeaderWriter {
  #buffer = new Uint8Array(1024);
  #length = 0;

  reset(bytesMax: number): void {
    if (this.#buffer.length < bytesMax) this.#buffer = new Uint8Array(2 * bytesMax);
    this.#length = 0;
  }

  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  header(header: EventHeader): void {
    this.byte(HEADER_VERSION);
    this.uuid(header.organizationId);
    this.uint(header.position, 8);
    this.uuid(header.id);
    this.uint(header.recordedAt, 8);
    this.uint(header.streamVersion, 8);
    this.uint(header.schemaVersion, 4);
    this.text(header.stream);
    this.text(header.type);
    this.text(header.actor.kind);
    this.text(header.actor.id);
    this.text(header.actor.method);
    this.text(header.actor.credential);
  }

  byte(value: number): void {
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  bytes(value: Uint8Array): void {
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  uint(value: number, size: 4 | 8): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`\`${value}\` is not a whole number from 0`);
    if (size === 8) this.#uint32(Math.floor(value / 0x1_0000_0000));
    else if (value > 0xffff_ffff) throw new RangeError(`\`${value}\` does not fit in four bytes`);
    this.#uint32(value);
  }

  /** Length in bytes as two bytes, then UTF-8. */
  text(value: string): void {
    const at = this.#length;
    this.#length += 2;
    this.utf8(value);
    const size = this.#length - at - 2;
    if (size > TEXT_BYTES_MAX) throw new RangeError(`a header text of ${size} bytes: at most ${TEXT_BYTES_MAX} fit`);
    this.#buffer[at] = size >>> 8;
    this.#buffer[at + 1] = size;
  }

  /** Header texts are short ASCII nearly always, and for those a loop beats a call into the encoder. */
  utf8(value: string): void {
    if (value.length > 64 || !this.#ascii(value))
      this.#length += encoder.encodeInto(value, this.#buffer.subarray(this.#length)).written;
  }

  /** Only lower case: two spellings of one id would make two texts with one leaf. */
  uuid(value: string): void {
    if (!UUID_TEXT.test(value)) throw new RangeError(`\`${value}\` is not a lower-case UUID`);
    for (let at = 0; at < 36; at += 2) {
      if (value.charCodeAt(at) === 45) at += 1;
      this.byte((nibble(value.charCodeAt(at)) << 4) | nibble(value.charCodeAt(at + 1)));
    }
  }

  #ascii(value: string): boolean {
    for (let index = 0; index < value.length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return false;
      this.#buffer[this.#length + index] = code;
    }
    this.#length += value.length;
    return true;
  }

  #uint32(value: number): void {
    this.#buffer[this.#length] = value >>> 24;
    this.#buffer[this.#length + 1] = value >>> 16;
    this.#buffer[this.#length + 2] = value >>> 8;
    this.#buffer[this.#length + 3] = value;
    this.#length += 4;
  }
}

/** Of a character code known to be 0-9 or a-f. */
const nibble = (code: number) => (code < 58 ? code - 48 : code - 87);
