/**
 * Must be evaluated before any module that is to be instrumented is linked, so it is the first import of the preload. Only
 * pg is listed: every other module loads at full speed, and our own spans cover gRPC, HTTP and Kafka.
 */
import { register, supportsSyncHooks } from 'import-in-the-middle/register-hooks.mjs';

if (!supportsSyncHooks()) throw new Error(`Node ${process.version} is too old for tracing: 24.11.1 or newer is needed`);
register({ include: ['pg', 'pg-pool'] });
