/** How something is drawn. */
export interface Look {
  /** Columns. */
  readonly width: number;
  readonly colour: boolean;
}
