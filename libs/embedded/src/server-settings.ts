/**
 * How the embedded server runs. They are given on the command line at every start, so a release can change them and
 * an edited `postgresql.conf` cannot switch durability off.
 */
export function serverSettings(port: number): string[] {
  return Object.entries({
    ...reachability(port),
    ...durability,
    ...deadClients,
    ...throughput,
    ...quietLog,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The loopback interface and a password, no socket: the one way in is the one that is guarded. */
const reachability = (port: number): Record<string, string | number> => ({
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  port,
  max_connections: 100,
  password_encryption: 'scram-sha-256',
});

/** I1: a decision that was answered is on disk. */
const durability = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };

/** A client that froze or vanished while holding a lock is noticed within ten seconds, not after two hours. */
const deadClients = {
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 1,
  tcp_keepalives_count: 3,
  client_connection_check_interval: '1s',
};

/**
 * Many small commits: rare checkpoints mean few full page images, and compiling a query that runs for 50 µs only
 * costs. Parallel workers would compete with the api for the same two cores.
 */
const throughput = {
  shared_buffers: '128MB',
  wal_buffers: '16MB',
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  max_parallel_workers_per_gather: 0,
  jit: 'off',
  // Every partition a statement touches takes a lock.
  max_locks_per_transaction: 256,
};

/** I13: statements and parameters hold what agents sent, so they never reach the log, not even with an error. */
const quietLog = {
  logging_collector: 'off',
  log_destination: 'stderr',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  log_statement: 'none',
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
  log_error_verbosity: 'terse',
  log_timezone: 'UTC',
  timezone: 'UTC',
};
