import { STATUS_CODES } from 'node:http';
import { expect, test } from 'vitest';
import { describeHttpStatus } from '../../lib/model/http-status.ts';

test("describeHttpStatus() uses Node's words, or none", () => {
  for (let status = 200; status < 600; status += 1) {
    const described = describeHttpStatus(status);
    if (described !== String(status)) expect(described).toBe(`${status} ${STATUS_CODES[status]}`);
  }
  expect(describeHttpStatus(503)).toBe('503 Service Unavailable');
  expect(describeHttpStatus(599)).toBe('599');
});
