import { describe, expect, test } from 'vitest';
import { flag, pageQuery, policyPageQuery, smallPageQuery } from './pagination';

describe('paging', () => {
  test('has the default length of its list', () => {
    expect(pageQuery.parse({}).limit).toBe(50);
    expect(policyPageQuery.parse({}).limit).toBe(20);
    expect(smallPageQuery.parse({}).limit).toBe(50);
  });

  test('has the greatest length of its list', () => {
    expect(pageQuery.parse({ limit: '500' }).limit).toBe(500);
    expect(pageQuery.safeParse({ limit: '501' }).success).toBe(false);
    expect(policyPageQuery.safeParse({ limit: '501' }).success).toBe(false);
    expect(smallPageQuery.parse({ limit: '200' }).limit).toBe(200);
    expect(smallPageQuery.safeParse({ limit: '201' }).success).toBe(false);
  });

  test.each(['0', '-1', '', '1.5', '1e2', '0x10', ' 5', '99999', ['5', '6']])('refuses the limit %j', (limit) => {
    expect(pageQuery.safeParse({ limit }).success).toBe(false);
  });

  test('refuses a token given twice', () => {
    expect(pageQuery.safeParse({ paginationToken: ['a', 'b'] }).success).toBe(false);
  });

  test('a missing flag is false', () => {
    expect(flag.parse(undefined)).toBe(false);
    expect(flag.parse('false')).toBe(false);
    expect(flag.parse('true')).toBe(true);
    expect(flag.safeParse('1').success).toBe(false);
  });
});
