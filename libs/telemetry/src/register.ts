import './import-hooks.js';
import { readTelemetryConfig } from './config.js';
import { instrumentPg } from './instrument-pg.js';
import { instrumentRuntime } from './instrument-runtime.js';
import { startTelemetry } from './start-telemetry.js';

startTelemetry(readTelemetryConfig());
instrumentPg();
instrumentRuntime();
