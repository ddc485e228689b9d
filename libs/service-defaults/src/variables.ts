import { accessSync, constants } from 'node:fs';
import { FileProblem } from '@trellis/config-file';
import { readCallPolicies } from '@trellis/rpc';
import { z } from 'zod';

/*
 * Kinds of variables. The description ends the sentence "set it to …" that somebody with a wrong value reads, so each
 * one says what a good value looks like.
 */

export const text = z.string().min(1).describe('any text');

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'No whole number')
  .transform(Number);

/** 0 takes a free one. */
export const port = wholeNumber
  .pipe(z.number().max(65_535, 'Above 65535'))
  .describe('a port from 0 to 65535; 0 takes a free one');

/** "true" or "false". */
export const flag = z
  .enum(['true', 'false'])
  .transform((word) => word === 'true')
  .describe('true or false');

export const weight = wholeNumber
  .pipe(z.number().min(1, 'Below 1').max(10_000, 'Above 10000'))
  .describe('a number from 1 to 10000');

export const count = wholeNumber.pipe(z.number().min(1, 'Below 1')).describe('a number from 1');

/** Node's timers hold no more; what is longer they fire at once. */
const LONGEST_TIMER = 2_147_483_647;

export const milliseconds = wholeNumber
  .pipe(z.number().max(LONGEST_TIMER, `Above ${LONGEST_TIMER}`))
  .describe('a number of milliseconds');

/** `host:port` */
export const address = z
  .string()
  .regex(/^.+:\d{1,5}$/, 'No host:port')
  .describe('host:port, such as 127.0.0.1:7000');

/** `host:port,host:port` as a list. */
export const addresses = z
  .string()
  .transform((list) => list.split(',').map((entry) => entry.trim()))
  .pipe(z.array(address).min(1))
  .describe('a comma-separated list of host:port');

/** `one,two` as a list; empty for no words. */
export const words = z
  .string()
  .transform((list) => list.split(',').flatMap((entry) => entry.trim() || []))
  .pipe(z.array(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'No word')).max(32, 'More than 32'))
  .describe('a comma-separated list of words of letters, digits, dots, dashes and underscores');

export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'No http address' })
  .describe('an address that begins with http:// or https://');

/** Holds a password: its value appears in no message and no log. */
export const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: 'No PostgreSQL address' })
  .describe('postgresql://USER:PASSWORD@HOST:PORT/DATABASE');

/** Path of a file that can be read now. */
export const file = z
  .string()
  .refine(isReadable, 'No file that can be read')
  .describe('the path of a file that this process can read');

/** Path of a file of call policies, read and checked at once: see libs/rpc/README.md. */
export const callPoliciesFile = z
  .string()
  .transform((path, context) => {
    try {
      return readCallPolicies(path);
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      context.addIssue({ code: 'custom', message: error.message.replaceAll('\n', '; ') });
      return z.NEVER;
    }
  })
  .describe('the path of a good YAML or JSON file of call policies, or leave it out');

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false; // missing or closed to us: the message covers both
  }
}
