/** A number that Go's decoder takes for none of its integers: `1e2`, `1.0`, one of twenty digits. */
export class JsonNumber extends Number {
  readonly source!: string;

  constructor(source: string) {
    super(source);
    // no field of its own: it is written as a number
    Object.defineProperty(this, 'source', { value: source, enumerable: false });
  }
}
