/** Reports what is wrong with a text. `offset` is where, if that is known. */
export type Fail = (problem: string, offset?: number) => never;
