/**
 * `multipart/form-data` bodies (RFC 7578), with names escaped as the HTML standard says. By hand, since undici writes
 * other bytes than Playwright: header names in capitals, and a value's line breaks as CRLF.
 */
import { randomUUID } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import { basename } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { isFormData } from './form-data.ts';
import { addMissingHeader, type HeaderList } from './header-list.ts';

interface FilePayload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export type MultipartOption = FormData | Record<string, string | number | boolean | ReadStream | FilePayload>;

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

/** Buffered whole, as in Playwright: a retry or a redirect must be able to send it again. */
export async function encodeMultipart(multipart: MultipartOption, headers: HeaderList): Promise<Buffer> {
  const parts: Part[] = [];
  if (isFormData(multipart)) {
    for (const [name, value] of multipart.entries()) parts.push(await formDataPart(name, value));
  } else {
    for (const [name, value] of Object.entries(multipart)) parts.push(await optionPart(name, value));
  }
  const boundary = `----PlayloadFormBoundary${randomUUID()}`;
  addMissingHeader(headers, 'content-type', `multipart/form-data; boundary=${boundary}`);
  return Buffer.concat([...parts.flatMap((part) => encodePart(part, boundary)), Buffer.from(`--${boundary}--\r\n`)]);
}

async function formDataPart(name: string, value: string | FormFile): Promise<Part> {
  if (typeof value === 'string') return { name, value: Buffer.from(value), file: undefined };
  return { name, value: Buffer.from(await value.arrayBuffer()), file: await typedFile(value.name, value.type) };
}

async function optionPart(name: string, value: unknown): Promise<Part> {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { name, value: Buffer.from(String(value)), file: undefined };
  }
  if (isFilePayload(value)) {
    if (!Buffer.isBuffer(value.buffer)) throw new Error(`Unexpected buffer type of 'data.${name}'`);
    return { name, value: value.buffer, file: await typedFile(value.name, value.mimeType) };
  }
  if (!isReadStream(value)) throw new Error(`Unexpected value of 'multipart.${name}'`);
  return { name, value: await buffer(value), file: await typedFile(basename(String(value.path)), '') };
}

/** A file without a type has the one that goes with its name. */
async function typedFile(name: string, given: string): Promise<Part['file']> {
  if (given !== '') return { name, mimeType: given };
  const { default: mime } = await import('mime'); // its tables are no part of a start without files
  return { name, mimeType: mime.getType(name) ?? 'application/octet-stream' };
}

function isFilePayload(value: unknown): value is FilePayload {
  return typeof value === 'object' && value !== null && 'name' in value && 'mimeType' in value && 'buffer' in value;
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
