//! Many calls, of which many are dropped: nothing is left of them.

use tokio::runtime::{Builder, Handle, Runtime};

use super::*;

/// How many calls are dropped at some point.
const CALLS: usize = 2000;

fn runtimes() -> [Runtime; 2] {
    let several = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    [Builder::new_current_thread().enable_all().build().expect("a runtime"), several.expect("a runtime")]
}

/// A server in a runtime with a thread of its own, so that its tasks don't count.
fn server() -> (Runtime, Server) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let server = runtime.block_on(Server::start());
    (runtime, server)
}

async fn until_tasks(count: usize) {
    for _ in 0..2000 {
        if Handle::current().metrics().num_alive_tasks() <= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{} tasks are alive", Handle::current().metrics().num_alive_tasks());
}

/// Makes calls, eight at a time, and drops each after a time that differs from call to call.
async fn drop_calls(pool: &Arc<Pool>, paths: &'static [&'static str]) {
    let calls = (0..8).map(|worker| {
        let pool = Arc::clone(pool);
        tokio::spawn(async move {
            for number in 0..CALLS / 8 {
                let step = worker * 7919 + number * 104_729;
                let whole = async {
                    if let Ok(response) = pool.call(get(paths[step % paths.len()])).await {
                        read(response).await.ok();
                    }
                };
                let after = Duration::from_micros((step % 1500) as u64);
                tokio::time::timeout(after, whole).await.ok();
            }
        })
    });
    for result in futures_util::future::join_all(calls).await {
        result.expect("no panic");
    }
}

const PATHS: &[&str] = &["/ok", "/chunked", "/slow", "/half", "/empty", "/end", "/close", "/ok-and-end"];

#[test]
fn dropped_calls_leave_no_task_and_no_connection_but_idle_ones() {
    let (server_runtime, server) = server();
    for max_connections in [None, Some(3)] {
        for runtime in runtimes() {
            let pool = Arc::new(pool(&server, Limits { max_connections, ..LIMITS }));
            runtime.block_on(async {
                drop_calls(&pool, PATHS).await;
                settle().await;
                let connections = pool.runtimes.current(&pool.server);
                let idle = connections.idle();
                // Each idle connection has one, and what closes them another one.
                until_tasks(idle + 1).await;
                let most = max_connections.unwrap_or(8);
                assert!(idle <= most, "{idle} are idle");
                // None of the connections that there may be was lost.
                for _ in 0..most {
                    ok(&pool).await;
                }
                drop((connections, pool));
                until_tasks(0).await;
            });
            server_runtime.block_on(server.until_open(0));
        }
    }
}

#[test]
fn consecutive_calls_leave_nothing() {
    let (_server_runtime, mut server) = server();
    for runtime in runtimes() {
        let pool = pool(&server, LIMITS);
        runtime.block_on(async {
            ok(&pool).await;
            let tasks = Handle::current().metrics().num_alive_tasks();
            for _ in 0..3000 {
                ok(&pool).await;
            }
            until_tasks(tasks).await;
        });
        let connections = server.connections();
        let others = connections
            .iter()
            .enumerate()
            .filter(|(_, connection)| **connection != connections[0])
            .map(|(number, _)| number);
        assert_eq!(
            others.collect::<Vec<_>>(),
            [0; 0],
            "one connection is enough ({:?})",
            runtime.handle().runtime_flavor()
        );
    }
}
