import { OtlpError } from "./otlp-error.js";

/**
 * Steps through the fields of one message in protobuf's wire format (https://protobuf.dev/programming-guides/encoding/).
 * What it says of a field holds until the next: nothing is made for a field that nobody asks for. All throw an
 * {@link OtlpError} for what is no such message.
 */
export class Fields {
  /** Number of the field. */
  number = 0;
  /** Of varints, fixed32 and fixed64: as a double. */
  value = 0;
  /** Where it stands: up to {@link at}. */
  private start = 0;

  constructor(
    private readonly body: Buffer,
    private at = 0,
    private readonly to = body.length,
  ) {}

  /** Goes to the next field; false where there is none. */
  next(): boolean {
    if (this.at >= this.to) return false;
    const tag = this.varint();
    const wire = tag % 8;
    this.number = Math.floor(tag / 8);
    if (this.number === 0) throw new OtlpError(`field 0 at byte ${this.at}`);
    this.value = 0;
    this.start = this.at;
    if (wire === 0) this.value = this.varint();
    else if (wire === 1) {
      this.skip(8);
      this.value = this.body.readUInt32LE(this.start + 4) * 2 ** 32 + this.body.readUInt32LE(this.start);
    } else if (wire === 2) {
      const length = this.varint();
      this.start = this.at;
      this.skip(length);
    } else if (wire === 5) {
      this.skip(4);
      this.value = this.body.readUInt32LE(this.start);
    } else throw new OtlpError(`wire type ${wire} at byte ${this.at}`);
    return true;
  }

  /** The fields of the message that the field holds. */
  message(): Fields {
    return new Fields(this.body, this.start, this.at);
  }

  text(): string {
    return this.body.toString("utf8", this.start, this.at);
  }

  hex(): string {
    return this.body.toString("hex", this.start, this.at);
  }

  double(): number {
    return this.at - this.start === 8 ? this.body.readDoubleLE(this.start) : Number.NaN;
  }

  private skip(length: number): void {
    if (this.at + length > this.to) throw new OtlpError(`a message that ends early, at byte ${this.at}`);
    this.at += length;
  }

  /** Exact up to 2^53; larger ones are rounded, and those with the highest bit are negative. */
  private varint(): number {
    const { body, to } = this;
    let value = 0;
    let scale = 1;
    for (let bytes = 0; bytes < 10; bytes++) {
      if (this.at >= to) throw new OtlpError(`a message that ends early, at byte ${this.at}`);
      const byte = body[this.at++]!;
      // Two's complement: the tenth byte holds nothing but the sign.
      if (bytes === 9) return signed(body, this.at - 10);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new OtlpError(`a number without end, at byte ${this.at}`);
  }
}

function signed(body: Buffer, at: number): number {
  let value = 0n;
  for (let byte = 0; byte < 10; byte++) value |= BigInt(body[at + byte]! & 0x7f) << BigInt(7 * byte);
  return Number(BigInt.asIntN(64, value));
}
