/**
 * `multipart/form-data` bodies (RFC 7578), with names escaped as the HTML standard says. By hand, since undici writes
 * other bytes than Playwright: header names in capitals, and a value's line breaks as CRLF.
 */
import { randomUUID } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import { validateHeaderValue } from 'node:http';
import { basename } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { OptionsError } from '../options-error.ts';
import { addMissingHeader, type HeaderList } from './header-list.ts';
import { pairsOf } from './pairs.ts';

interface FilePayload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** What Node's `File` and undici's have in common. */
interface FormFile {
  readonly name: string;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface Part {
  readonly name: string;
  readonly value: Buffer;
  readonly file: { readonly name: string; readonly mimeType: string } | undefined;
}

/**
 * Buffered whole, as in Playwright: a retry or a redirect must be able to send it again. All files and streams are read
 * at once, so that each has somebody who hears of its error.
 */
export async function encodeMultipart(multipart: unknown, headers: HeaderList): Promise<Buffer> {
  const parts = await Promise.all(pairsOf(multipart, 'multipart').map(async ([name, value]) => partOf(name, value)));
  const boundary = `----PlayloadFormBoundary${randomUUID()}`;
  addMissingHeader(headers, 'content-type', `multipart/form-data; boundary=${boundary}`);
  return Buffer.concat([...parts.flatMap((part) => encodePart(part, boundary)), Buffer.from(`--${boundary}--\r\n`)]);
}

async function partOf(name: string, value: unknown): Promise<Part> {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { name, value: Buffer.from(String(value)), file: undefined };
  }
  if (isFormFile(value)) {
    return { name, value: Buffer.from(await value.arrayBuffer()), file: await typedFile(value.name, value.type) };
  }
  if (isFilePayload(value)) {
    if (!Buffer.isBuffer(value.buffer)) throw new Error(`Unexpected buffer type of 'data.${name}'`);
    validateHeaderValue(`content-type of multipart.${name}`, value.mimeType);
    return { name, value: value.buffer, file: await typedFile(value.name, value.mimeType) };
  }
  if (!isReadStream(value)) throw new Error(`Unexpected value of 'multipart.${name}'`);
  return { name, value: await readOnce(value, name), file: await typedFile(basename(String(value.path)), '') };
}

/** Streams that a call has begun to read. */
const taken = new WeakSet<ReadStream>();

/** A stream that was read is empty for the next call, and one that is being read would be shared out between two. */
function readOnce(stream: ReadStream, name: string): Promise<Buffer> {
  if (stream.errored !== null) throw stream.errored;
  if (taken.has(stream) || stream.readableDidRead || stream.destroyed) {
    throw new OptionsError([
      `\`multipart.${name}\`: its stream was read before; make one for each call, or read the file once and give \`{ name, mimeType, buffer }\``,
    ]);
  }
  taken.add(stream);
  return buffer(stream);
}

/** A file without a type has the one that goes with its name. */
async function typedFile(name: string, given: string): Promise<Part['file']> {
  if (given !== '') return { name, mimeType: given };
  const { default: mime } = await import('mime'); // its tables are no part of a start without files
  return { name, mimeType: mime.getType(name) ?? 'application/octet-stream' };
}

function isFormFile(value: unknown): value is FormFile {
  return typeof value === 'object' && value !== null && 'arrayBuffer' in value && 'name' in value && 'type' in value;
}

function isFilePayload(value: unknown): value is FilePayload {
  if (typeof value !== 'object' || value === null || !('name' in value && 'mimeType' in value)) return false;
  return 'buffer' in value && typeof value.name === 'string' && typeof value.mimeType === 'string';
}

function isReadStream(value: unknown): value is ReadStream {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'path' in value;
}

function encodePart({ name, value, file }: Part, boundary: string): Buffer[] {
  const disposition = `form-data; name="${escapeName(name.replace(/\r\n|\r|\n/g, '\r\n'))}"`;
  const head =
    file === undefined
      ? `content-disposition: ${disposition}\r\n\r\n`
      : `content-disposition: ${disposition}; filename="${escapeName(file.name)}"\r\ncontent-type: ${file.mimeType}\r\n\r\n`;
  return [Buffer.from(`--${boundary}\r\n${head}`), value, Buffer.from('\r\n')];
}

function escapeName(name: string): string {
  return name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}
