/** One developer's machine: few connections, little memory, few processes, nothing lost (fsync stays on). */
const LEAN: Readonly<Record<string, string>> = {
  shared_buffers: '32MB',
  max_connections: '100',
  min_wal_size: '16MB',
  max_wal_size: '256MB',
  // Neither replication nor parallel queries: no processes kept for them.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_parallel_workers: '0',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
};

/** The server's command line. Reached over 127.0.0.1 only: a socket path may be too long for the kernel (107 bytes). */
export function serverArguments(
  dataDir: string,
  port: number,
  settings: Readonly<Record<string, string>> = {},
): string[] {
  const all = { ...LEAN, ...settings, listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  return [
    '-D',
    dataDir,
    '-p',
    String(port),
    ...Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
}
