//! TCP: to whichever address of a host accepts the connection first ([RFC 8305](https://www.rfc-editor.org/rfc/rfc8305)).

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use std::vec;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, Sleep, sleep};

/// How long an address has before the next one is tried as well: the Connection Attempt Delay of RFC 8305, section 5.
const HEAD_START: Duration = Duration::from_millis(300);
/// How often the system checks a silent connection before it gives up.
const KEEPALIVE_RETRIES: u32 = 3;
/// How long written bytes may stay unacknowledged before the system gives up the connection, on systems that have this setting.
#[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
const USER_TIMEOUT: Duration = Duration::from_secs(30);

/// How TCP connections are opened.
#[derive(Clone, Debug)]
pub(super) struct Tcp {
    pub(super) local_address: Option<IpAddr>,
    /// After how much silence the system checks a connection, and how often it repeats that.
    pub(super) keepalive: Duration,
}

impl Tcp {
    /// Connects to one of these addresses of a host.
    ///
    /// # Errors
    ///
    /// Returns the first error if there are several: that of the address which the resolver prefers.
    pub(super) async fn connect(&self, mut addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
        if let Some(local) = self.local_address {
            addresses.retain(|address| address.is_ipv4() == local.is_ipv4());
        }
        match addresses[..] {
            [] => Err(io::Error::new(io::ErrorKind::NotConnected, "the host has no address to connect to")),
            [address] => self.open(address).await,
            _ => Race::new(self, alternating(addresses)).await,
        }
    }

    async fn open(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // What a system refuses to set here isn't worth a call.
        let _ = self.keep_alive(&socket);
        if let Some(local) = self.local_address {
            socket.bind(SocketAddr::new(local, 0))?;
        }
        let stream = socket.connect(address).await?;
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    fn keep_alive(&self, socket: &TcpSocket) -> io::Result<()> {
        let socket = SockRef::from(socket);
        let keepalive = TcpKeepalive::new().with_time(self.keepalive);
        // OpenBSD has neither.
        #[cfg(not(target_os = "openbsd"))]
        let keepalive = keepalive.with_interval(self.keepalive).with_retries(KEEPALIVE_RETRIES);
        socket.set_tcp_keepalive(&keepalive)?;
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        socket.set_tcp_user_timeout(Some(USER_TIMEOUT))?;
        Ok(())
    }
}

/// The addresses of both families by turns, beginning with the one that the resolver prefers: one family may not work at all.
fn alternating(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let prefers_ipv6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (preferred, other): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == prefers_ipv6);
    let mut other = other.into_iter();
    let mut order = Vec::with_capacity(preferred.len() + other.len());
    for address in preferred {
        order.push(address);
        order.extend(other.next());
    }
    order.extend(other);
    order
}

type Attempt<'t> = Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send + 't>>;

/// Attempts to connect to several addresses, each with a head start before the next one. The first that succeeds ends the others.
struct Race<'t> {
    tcp: &'t Tcp,
    waiting: vec::IntoIter<SocketAddr>,
    attempts: Vec<Attempt<'t>>,
    head_start: Pin<Box<Sleep>>,
    /// Whether the next one needn't wait: because it is the first, or one has failed.
    is_next_due: bool,
    first_error: Option<io::Error>,
}

impl<'t> Race<'t> {
    fn new(tcp: &'t Tcp, addresses: Vec<SocketAddr>) -> Self {
        Self {
            tcp,
            waiting: addresses.into_iter(),
            attempts: Vec::new(),
            head_start: Box::pin(sleep(HEAD_START)),
            is_next_due: true,
            first_error: None,
        }
    }

    /// Polls all attempts, and returns the stream of one that succeeded.
    fn poll_attempts(&mut self, context: &mut Context<'_>) -> Option<TcpStream> {
        let mut index = 0;
        while let Some(attempt) = self.attempts.get_mut(index) {
            match attempt.as_mut().poll(context) {
                Poll::Ready(Ok(stream)) => return Some(stream),
                Poll::Ready(Err(error)) => {
                    self.first_error.get_or_insert(error);
                    drop(self.attempts.remove(index));
                    self.is_next_due = true;
                }
                Poll::Pending => index += 1,
            }
        }
        None
    }
}

impl Future for Race<'_> {
    type Output = io::Result<TcpStream>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        loop {
            if let Some(stream) = this.poll_attempts(context) {
                return Poll::Ready(Ok(stream));
            }
            if this.waiting.len() > 0 && !this.is_next_due && this.head_start.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            if let Some(address) = this.waiting.next() {
                this.attempts.push(Box::pin(this.tcp.open(address)));
                this.is_next_due = false;
                this.head_start.as_mut().reset(Instant::now() + HEAD_START);
            } else if !this.attempts.is_empty() {
                return Poll::Pending;
            } else if let Some(error) = this.first_error.take() {
                return Poll::Ready(Err(error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use tokio::net::TcpListener;
    use tokio::time::timeout;

    use super::*;

    const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

    fn tcp() -> Tcp {
        Tcp { local_address: None, keepalive: Duration::from_secs(15) }
    }

    async fn listener(address: IpAddr) -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind((address, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        (listener, address)
    }

    /// An address that refuses every connection.
    async fn refusing(address: IpAddr) -> SocketAddr {
        listener(address).await.1
    }

    /// An address that drops every packet, as a firewall does. The connections fill its queue.
    #[cfg(target_os = "linux")]
    async fn silent(address: IpAddr) -> (SocketAddr, TcpListener, Vec<TcpStream>) {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }.expect("a socket");
        socket.bind((address, 0).into()).expect("a free port");
        let listener = socket.listen(1).expect("a listener");
        let address = listener.local_addr().expect("its address");
        let mut filling = Vec::new();
        while let Ok(stream) = timeout(Duration::from_millis(100), TcpStream::connect(address)).await {
            filling.push(stream.expect("a connection"));
        }
        (address, listener, filling)
    }

    #[test]
    fn addresses_of_both_families_are_tried_by_turns() {
        let (four, six): (Vec<_>, Vec<_>) =
            (1..4).map(|port| (SocketAddr::new(V4, port), SocketAddr::new(V6, port))).unzip();
        for (given, expected) in [
            (vec![six[0], six[1], four[0], four[1], four[2]], vec![six[0], four[0], six[1], four[1], four[2]]),
            (vec![four[0], six[0], six[1], six[2]], vec![four[0], six[0], six[1], six[2]]),
            (vec![four[0], four[1]], vec![four[0], four[1]]),
            (vec![], vec![]),
        ] {
            assert_eq!(alternating(given), expected);
        }
    }

    #[tokio::test]
    async fn one_address_that_accepts_is_enough_whatever_the_others_do() {
        for (dead, alive) in [(V6, V4), (V4, V6), (V4, V4), (V6, V6)] {
            let (dead, (_listener, alive)) = (refusing(dead).await, listener(alive).await);
            for addresses in [vec![dead, alive], vec![alive, dead], vec![dead, dead, alive], vec![dead, alive, dead]] {
                let stream = tcp().connect(addresses.clone()).await.unwrap_or_else(|_| panic!("{addresses:?}"));
                assert_eq!(stream.peer_addr().expect("its address"), alive);
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_silent_address_costs_a_head_start_and_no_more() {
        for (dead, alive) in [(V6, V4), (V4, V6), (V4, V4), (V6, V6)] {
            let ((dead, _queue, _filling), (_listener, alive)) = (silent(dead).await, listener(alive).await);
            let start = Instant::now();
            tcp().connect(vec![dead, alive]).await.expect("a connection");
            assert!((HEAD_START..3 * HEAD_START).contains(&start.elapsed()), "{:?}", start.elapsed());
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn an_address_is_not_waited_for_after_another_one_has_failed() {
        let ((dead, _queue, _filling), refusing) = (silent(V4).await, refusing(V4).await);
        let (_listener, alive) = listener(V4).await;
        let start = Instant::now();
        // The second begins after a head start, and fails at once.
        tcp().connect(vec![dead, refusing, alive]).await.expect("a connection");
        assert!((HEAD_START..2 * HEAD_START).contains(&start.elapsed()), "{:?}", start.elapsed());
    }

    #[tokio::test]
    async fn the_error_is_that_of_the_first_address() {
        let refusing = refusing(V4).await;
        // A multicast address can't be connected to.
        let other = SocketAddr::new([224, 0, 0, 1].into(), 1);
        for (addresses, kind) in [
            (vec![refusing, other], io::ErrorKind::ConnectionRefused),
            (vec![other, refusing], io::ErrorKind::NetworkUnreachable),
        ] {
            assert_eq!(tcp().connect(addresses).await.expect_err("neither accepts").kind(), kind);
        }
    }

    #[tokio::test]
    async fn a_connection_comes_from_the_local_address_and_goes_to_none_of_another_family() {
        let ((listener_v4, v4), (_listener, v6)) = (listener(V4).await, listener(V6).await);
        let tcp = Tcp { local_address: Some(V4), ..tcp() };
        for addresses in [vec![v4], vec![v6, v4]] {
            tcp.connect(addresses).await.expect("a connection");
            let (_, peer) = listener_v4.accept().await.expect("a connection");
            assert_eq!(peer.ip(), V4);
        }
        let error = tcp.connect(vec![v6]).await.expect_err("another family");
        assert_eq!(error.kind(), io::ErrorKind::NotConnected);
        let elsewhere = Tcp { local_address: Some([192, 0, 2, 1].into()), ..tcp };
        let error = elsewhere.connect(vec![v4]).await.expect_err("another machine's");
        assert_eq!(error.kind(), io::ErrorKind::AddrNotAvailable);
    }

    #[tokio::test]
    async fn a_socket_sends_at_once_and_is_checked_when_it_is_silent() {
        let (_listener, address) = listener(V4).await;
        let tcp = Tcp { keepalive: Duration::from_secs(7), ..tcp() };
        let stream = tcp.connect(vec![address]).await.expect("a connection");
        assert!(stream.nodelay().expect("a setting"));
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().expect("a setting"));
        #[cfg(target_os = "linux")]
        {
            assert_eq!(socket.tcp_keepalive_time().expect("a setting"), Duration::from_secs(7));
            assert_eq!(socket.tcp_keepalive_interval().expect("a setting"), Duration::from_secs(7));
            assert_eq!(socket.tcp_keepalive_retries().expect("a setting"), 3);
            assert_eq!(socket.tcp_user_timeout().expect("a setting"), Some(Duration::from_secs(30)));
        }
    }

    /// How many sockets of this machine are connecting to this port. In these files, the third column of a socket is its other end,
    /// and the fourth its state: 02 is `SYN_SENT`.
    #[cfg(target_os = "linux")]
    fn connecting_to(port: u16) -> usize {
        let read = |path| std::fs::read_to_string(path).expect("the sockets of this machine");
        let (v4, v6) = (read("/proc/net/tcp"), read("/proc/net/tcp6"));
        let is_connecting = |line: &&str| {
            let mut fields = line.split_whitespace().skip(2);
            fields.next().is_some_and(|other| other.ends_with(&format!(":{port:04X}"))) && fields.next() == Some("02")
        };
        v4.lines().chain(v6.lines()).filter(is_connecting).count()
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn dropping_a_connect_closes_all_of_its_sockets() {
        let ((first, _queue, _filling), (second, _queue_v6, _filling_v6)) = (silent(V4).await, silent(V6).await);
        let tcp = tcp();
        let mut connect = Box::pin(tcp.connect(vec![first, second]));
        let _elapsed = timeout(2 * HEAD_START, &mut connect).await.expect_err("silent");
        assert_eq!((connecting_to(first.port()), connecting_to(second.port())), (1, 1));
        drop(connect);
        assert_eq!((connecting_to(first.port()), connecting_to(second.port())), (0, 0));
    }
}
