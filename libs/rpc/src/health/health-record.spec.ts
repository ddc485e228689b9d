import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PRESUMED, judged } from './health-record.js';

const thresholds = fc.record({ healthy: fc.integer({ min: 1, max: 5 }), unhealthy: fc.integer({ min: 1, max: 5 }) });

it('turns over exactly when so many answers in a row say otherwise', () => {
  fc.assert(
    fc.property(thresholds, fc.array(fc.boolean(), { maxLength: 60 }), (policy, answers) => {
      let record = PRESUMED;
      let row: boolean[] = []; // since the state last changed
      for (const well of answers) {
        const before = record.healthy;
        record = judged(record, well, policy);
        row.push(well);
        const needed = before ? policy.unhealthy : policy.healthy;
        const enough = row.length >= needed && row.slice(-needed).every((each) => each !== before);
        expect(record.healthy).toBe(enough ? !before : before);
        if (enough) row = [];
      }
    }),
  );
});
