/** The few wire types of Protocol Buffers (protobuf.dev/programming-guides/encoding) that remote write needs. */

const lengthDelimited = 2;
const fixed64 = 1;
const variable = 0;

/** A message grows at its end. */
export class ProtobufMessage {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(room = 64) {
    this.#bytes = new Uint8Array(room);
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  text(field: number, text: string): void {
    this.message(field, new TextEncoder().encode(text));
  }

  message(field: number, bytes: Uint8Array): void {
    this.#varint((field << 3) | lengthDelimited);
    this.#varint(bytes.length);
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  double(field: number, value: number): void {
    this.#varint((field << 3) | fixed64);
    this.#room(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** An integer from 0 on, up to 2^53. */
  integer(field: number, value: number): void {
    this.#varint((field << 3) | variable);
    this.#varint(value);
  }

  #varint(value: number): void {
    this.#room(8);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const longer = new Uint8Array(2 * (this.#length + bytes));
    longer.set(this.bytes);
    this.#bytes = longer;
  }
}
