//! The one thread that does all I/O: takes messages out of the ring, tells the daemon, hears the
//! daemon, finds it again, calls the application's callbacks, prints.

mod intake;
mod pace;
mod print;
mod thread;

use core::time::Duration;
use std::collections::VecDeque;
use std::os::fd::AsFd;
use std::sync::Arc;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;

use crate::clock;
use crate::config::Config;
use crate::diagnostics;
use crate::instance::{Instance, Order, Reach, Ticket};
use crate::ring::{Consumer, Pass, Position, Sleep};
use crate::session::{Event, Framing, Outlook, Reconnect, Session};
use crate::sync::atomic::Ordering;
use crate::transport::{ConnectError, Kind, Link, Notice, OwnFifo, Rendezvous, Stall, Watch};

use intake::{Discard, Intake};
use pace::Pace;
use print::Printer;

pub use thread::{Handle, spawn};

/// How long only gaps under a full ring may last before callers are told not to wait: longer than
/// a thread is usually preempted. Told at once, block mode loses what it need not.
const WALL_AFTER: Duration = Duration::from_millis(20);
/// How often the daemon's node and the own FIFO are looked at where there is no notification.
const LINK_CHECK: Duration = Duration::from_secs(1);
/// A file that cannot be written is tried again after this.
const FILE_RETRY: Duration = Duration::from_millis(100);
/// How often the daemon is heard in one round: who writes without end must not stop delivery.
const HEARINGS: u32 = 16;

/// Where messages go.
#[derive(Debug)]
pub enum Destination {
    /// To the daemon at the rendezvous.
    Daemon(Rendezvous),
    /// Into a file.
    File(Link),
}

struct Pending {
    position: Position,
    mark: Option<u64>,
    ticket: Arc<Ticket>,
}

/// The worker's own state.
pub struct Worker {
    instance: &'static Instance,
    rendezvous: Option<Rendezvous>,
    session: Session,
    consumer: Consumer,
    link: Option<Link>,
    own: Option<OwnFifo>,
    /// When to look whether the link's nodes are still in their places, if nothing tells.
    link_check: Option<Duration>,
    /// It has been said that another took the FIFO's name.
    complained_of_displacement: bool,
    watch: Option<Watch>,
    reconnect: Reconnect,
    listens: bool,
    /// The link takes nothing at present.
    blocked: bool,
    linked_before: bool,
    complained_of: Option<ConnectError>,
    /// It has been said that the file cannot be written, and that still holds.
    complained_of_file: bool,
    /// Those of a round that failed are carried out in the next.
    orders: VecDeque<Order>,
    stopping: bool,
    tickets: Vec<Pending>,
    pace: Pace,
    walled_since: Option<Duration>,
    printer: Printer,
}

/// What a round of work leaves to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// There is more at hand.
    More,
    /// Nothing to do before more is logged.
    UntilLogged,
    /// Nothing to do before the link changes.
    UntilLinked,
}

impl Worker {
    fn new(instance: &'static Instance, config: &Config, destination: Destination) -> Self {
        let pid = std::process::id().cast_signed();
        let (rendezvous, link) = match destination {
            Destination::Daemon(rendezvous) => (Some(rendezvous), None),
            Destination::File(link) => (None, Some(link)),
        };
        let framing = if link.is_some() { Framing::File } else { Framing::Daemon };
        Self {
            instance,
            rendezvous,
            session: Session::new(framing, pid, instance.progress.told.load(Ordering::Relaxed)),
            consumer: Consumer::new(&instance.ring),
            link,
            own: None,
            link_check: None,
            complained_of_displacement: false,
            watch: None,
            reconnect: Reconnect::default(),
            listens: config.listen_to_daemon,
            blocked: false,
            linked_before: false,
            complained_of: None,
            complained_of_file: false,
            orders: VecDeque::new(),
            stopping: false,
            tickets: Vec::new(),
            pace: Pace::default(),
            walled_since: None,
            printer: Printer::new(config.local_print, pid, &instance.ring),
        }
    }

    /// Works until told to stop.
    fn run(&mut self) {
        self.seek();
        loop {
            // Before anything else of the round: what was ordered before a record below this was
            // logged is then among the orders.
            let observed = self.consumer.observe(&self.instance.ring);
            if self.take_orders() {
                break;
            }
            self.connect_when_due();
            self.check_link_when_due();
            let rest = self.deliver(observed);
            self.settle_tickets();
            self.sleep(rest, observed);
        }
        self.end();
    }

    /// Whether one of them was to stop.
    fn take_orders(&mut self) -> bool {
        self.orders.extend(self.instance.take_orders());
        while let Some(order) = self.orders.pop_front() {
            match order {
                Order::Tell(position, command) => self.session.order(position, command),
                Order::Flush(position, ticket) => {
                    self.tickets.push(Pending { position, mark: None, ticket });
                }
                Order::Seek => self.seek(),
                Order::Stop => self.stopping = true,
                Order::Fail => panic!("a test wanted the worker to fail"),
            }
        }
        self.stopping
    }

    /// One round: records and commands up to `observed` into the batch, the batch to the link.
    fn deliver(&mut self, observed: Position) -> Rest {
        let instance = self.instance;
        self.feel_pressure();
        self.printer.print_new(instance, observed);
        self.session.note_loss(instance.losses.total(), observed);
        let mut delivered = 0;
        let mut full = false;
        while let Some(until) = self.session.advance(self.consumer.walked(), observed) {
            let pass = {
                let mut intake = Intake::new(&mut self.session, instance);
                self.consumer.pass(&instance.ring, until, &mut intake)
            };
            delivered += pass.delivered;
            full = pass.stopped;
            self.watch_for_a_wall(pass);
            let done = self.consumer.walked() >= observed
                && self.session.next_command().is_none_or(|position| position > observed);
            if full || done {
                break;
            }
        }
        self.feel_pressure();
        for cell in self.session.take_released() {
            instance.registry.release(cell);
        }
        self.pace.looked(clock::monotonic(), delivered);
        instance.progress.in_batch.store(self.session.waiting() as u64, Ordering::Release);
        self.write_out();
        // What an application left behind when it went can be sent all the same.
        let withheld = self.session.is_without_application() && self.session.is_drained();
        instance.progress.set_reach(match &self.link {
            _ if withheld => Reach::Withheld,
            Some(_) => Reach::Linked,
            None => Reach::Away,
        });
        let behind = self.consumer.walked() < observed
            || self.session.next_command().is_some_and(|position| position <= observed);
        match &self.link {
            None => Rest::UntilLinked,
            Some(_) if self.blocked => Rest::UntilLinked,
            Some(_) if withheld => Rest::UntilLinked,
            Some(_) if full || behind => Rest::More,
            Some(_) => Rest::UntilLogged,
        }
    }

    /// Tells the application when the ring fills up, and when there is room again.
    fn feel_pressure(&self) {
        let pressure = &self.instance.pressure;
        if pressure.is_watched()
            && let Some(crowded) = pressure.observe(&self.instance.ring)
            && let Some(changed) = pressure.changed()
        {
            changed(crowded);
        }
    }

    /// Tells callers not to wait for room when a stopped thread is all that is in the way.
    fn watch_for_a_wall(&mut self, pass: Pass) {
        if !pass.walled {
            self.walled_since = None;
            return;
        }
        let now = clock::monotonic();
        let since = *self.walled_since.get_or_insert(now);
        if now.saturating_sub(since) >= WALL_AFTER {
            self.consumer.raise_wall(&self.instance.ring);
        }
    }

    fn write_out(&mut self) {
        let progress = &self.instance.progress;
        let before = progress.bytes.load(Ordering::Relaxed);
        let mut bytes = before;
        let mut broken = false;
        self.blocked = false;
        while let Some(link) = &self.link {
            let next = self.session.next_write(link.kind().longest_write());
            if next.is_empty() {
                self.complained_of_file = false;
                break;
            }
            match link.write(next) {
                Ok(count) => {
                    bytes += count as u64;
                    let messages = self.session.took(count);
                    progress.in_batch.fetch_sub(messages, Ordering::Relaxed);
                    // Release: who sees a message delivered sees it no more as waiting.
                    progress.delivered.fetch_add(messages, Ordering::Release);
                }
                Err(Stall::Full) => {
                    self.blocked = true;
                    break;
                }
                Err(Stall::Closed(errno)) => {
                    if link.kind() == Kind::File {
                        if !core::mem::replace(&mut self.complained_of_file, true) {
                            diagnostics::warn(format_args!("log file cannot be written: {errno}"));
                        }
                        self.blocked = true;
                    } else {
                        broken = true;
                    }
                    break;
                }
            }
        }
        if bytes != before {
            progress.bytes.store(bytes, Ordering::Release);
            progress.beat();
        }
        if broken {
            self.close_link();
        }
    }

    fn settle_tickets(&mut self) {
        if self.tickets.is_empty() {
            return;
        }
        let (walked, next) = (self.consumer.walked(), self.session.next_command());
        let session = &self.session;
        self.tickets.retain_mut(|pending| {
            let reached =
                walked >= pending.position && next.is_none_or(|next| next > pending.position);
            if pending.mark.is_none() && reached {
                pending.mark = Some(session.mark());
            }
            pending.ticket.set_seen();
            let done = pending.mark.is_some_and(|mark| session.has_passed(mark));
            if done {
                pending.ticket.set_done();
            }
            !done
        });
        self.instance.progress.beat();
    }

    /// Sleeps until there is something to do, then hears the daemon and the watch.
    fn sleep(&mut self, rest: Rest, observed: Position) {
        let instance = self.instance;
        let now = clock::monotonic();
        let due = [self.reconnect.due(), self.link_check];
        let mut timeout = due.into_iter().flatten().min().map(|due| due.saturating_sub(now));
        let mut limit = |at_most: Duration| {
            timeout = Some(timeout.map_or(at_most, |timeout| timeout.min(at_most)));
        };
        let watches = self.printer.is_on(instance) || instance.pressure.is_watched();
        let wants_records = rest == Rest::UntilLogged || rest == Rest::UntilLinked && watches;
        if rest == Rest::More {
            limit(Duration::ZERO);
        } else if wants_records {
            match self.pace.nap(now).or((self.consumer.has_gaps()).then_some(pace::LONGEST)) {
                Some(nap) => {
                    instance.doorbell.prepare(Sleep::Napping);
                    limit(nap);
                }
                None => {
                    instance.doorbell.prepare(Sleep::Parked);
                    if instance.ring.tail() != observed {
                        limit(Duration::ZERO);
                    }
                }
            }
        } else if self.blocked && self.rendezvous.is_none() {
            limit(FILE_RETRY);
        }
        if instance.has_orders() {
            limit(Duration::ZERO);
        }
        // A pass that was stopped may have left room that nobody was told of.
        instance.ring.wake_waiters();
        let happened = self.poll(timeout);
        instance.doorbell.awake();
        if happened.bell {
            instance.still_bell();
        }
        if happened.own {
            self.hear_own_fifo();
        }
        if happened.link_says {
            self.hear_link();
        }
        if happened.link_broken {
            self.close_link();
        }
        if happened.watch && self.watch.as_mut().map(Watch::read) == Some(Notice::Changed) {
            self.look_around();
        }
    }

    fn poll(&self, timeout: Option<Duration>) -> Happened {
        let linked = match &self.link {
            Some(link) => {
                let heard = match link.kind() {
                    Kind::Socket if self.listens => PollFlags::POLLIN,
                    // Errors and hang-up are told without being asked for.
                    _ => PollFlags::empty(),
                };
                let out = if self.blocked { PollFlags::POLLOUT } else { PollFlags::empty() };
                (link.kind() != Kind::File).then(|| PollFd::new(link.as_fd(), heard | out))
            }
            None => None,
        };
        let own = self.own.as_ref().filter(|_| self.listens);
        let own = own.map(|own| PollFd::new(own.as_fd(), PollFlags::POLLIN));
        let watch = self.watch.as_ref().map(|it| PollFd::new(it.as_fd(), PollFlags::POLLIN));
        let bell = PollFd::new(self.instance.bell(), PollFlags::POLLIN);
        let asked = [Some(bell), linked, own, watch];
        let mut fds: Vec<PollFd<'_>> = asked.iter().flatten().cloned().collect();
        if ppoll(&mut fds, timeout.map(TimeSpec::from_duration), None).is_err() {
            return Happened::default();
        }
        let mut answers = fds.iter().map(|fd| fd.revents().unwrap_or(PollFlags::empty()));
        let mut of = |asked: &Option<PollFd<'_>>| match asked {
            Some(_) => answers.next().unwrap_or(PollFlags::empty()),
            None => PollFlags::empty(),
        };
        let [bell, link, own, watch] = [of(&asked[0]), of(&asked[1]), of(&asked[2]), of(&asked[3])];
        let broken = PollFlags::POLLERR | PollFlags::POLLHUP | PollFlags::POLLNVAL;
        Happened {
            bell: bell.contains(PollFlags::POLLIN),
            link_says: link.contains(PollFlags::POLLIN),
            link_broken: link.intersects(broken) && !link.contains(PollFlags::POLLIN),
            own: own.contains(PollFlags::POLLIN),
            watch: watch.contains(PollFlags::POLLIN),
        }
    }

    fn hear_own_fifo(&mut self) {
        let mut bytes = [0; 4096];
        for _ in 0..HEARINGS {
            match self.own.as_ref().map(|own| own.read(&mut bytes)) {
                Some(Ok(count)) => self.hear(bytes.get(..count).unwrap_or_default()),
                Some(Err(_)) | None => return,
            }
        }
    }

    fn hear_link(&mut self) {
        let mut bytes = [0; 4096];
        for _ in 0..HEARINGS {
            match self.link.as_ref().map(|link| link.read(&mut bytes)) {
                Some(Ok(count)) => self.hear(bytes.get(..count).unwrap_or_default()),
                Some(Err(Stall::Closed(_))) => return self.close_link(),
                Some(Err(Stall::Full)) | None => return,
            }
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        // What was registered or set before the daemon spoke comes first.
        let instance = self.instance;
        self.session.received(bytes, |event| match event {
            Event::SetLevel { pos, level, trace } => {
                if let Some((id, cell)) = instance.registry.context(pos) {
                    cell.level.store(level, Ordering::Relaxed);
                    cell.trace.store(trace, Ordering::Relaxed);
                    instance.progress.while_calling(pos, || {
                        if let Some(changed) = instance.registry.level_changed(pos) {
                            changed(id, level, trace);
                        }
                    });
                }
            }
            Event::Inject { pos, service, data } => {
                instance.progress.while_calling(pos, || {
                    if let Some(injection) = instance.registry.injection(pos, service) {
                        injection(service, data);
                    }
                });
            }
            Event::LogState(state) => instance.progress.set_log_state(state),
        });
    }

    /// Begins to look for the daemon.
    fn seek(&mut self) {
        if self.rendezvous.is_some() && self.link.is_none() {
            self.watch_directory();
            self.reconnect.stirred(clock::monotonic());
        }
    }

    fn watch_directory(&mut self) {
        let Some(rendezvous) = &self.rendezvous else {
            return;
        };
        if self.watch.is_none() {
            self.watch = Watch::new().ok();
        }
        let watch = self.watch.as_mut();
        let watched = watch.is_some_and(|watch| watch.aim_at_directory(rendezvous).is_ok());
        self.reconnect.poll(!watched);
    }

    /// Something changed where the daemon is or will be.
    fn look_around(&mut self) {
        let Some(rendezvous) = &self.rendezvous else {
            return;
        };
        match &self.link {
            Some(link) if link.is_current(rendezvous) => self.keep_own_fifo(),
            Some(_) => self.close_link(),
            None => self.seek(),
        }
    }

    fn connect_when_due(&mut self) {
        let now = clock::monotonic();
        let Some(rendezvous) = &self.rendezvous else {
            return;
        };
        if self.link.is_some() || self.reconnect.due().is_none_or(|due| due > now) {
            return;
        }
        if self.own.as_ref().is_some_and(|own| !own.is_in_place()) {
            self.own = None;
        }
        match Link::connect(rendezvous, &mut self.own) {
            Ok(link) => {
                let own = self.own.as_ref().filter(|_| link.kind() == Kind::Fifo);
                let number = own.map_or(rendezvous.pid(), OwnFifo::number);
                let first = !self.linked_before;
                if let Some(own) = own.filter(|own| first && own.number() != rendezvous.pid()) {
                    let (taken, path) = (rendezvous.own(rendezvous.pid()), own.path());
                    let (taken, path) = (taken.display(), path.display());
                    diagnostics::info(format_args!("{taken} was there, {path} is used"));
                }
                self.link = Some(link);
                self.watch_link();
                let is_current =
                    |link: &Link| self.rendezvous.as_ref().is_some_and(|at| link.is_current(at));
                if !self.link.as_ref().is_some_and(is_current) {
                    // Replaced before the watch was there.
                    self.link = None;
                    return self.seek();
                }
                self.reconnect.connected();
                self.complained_of = None;
                self.session.connected(number);
                let again = core::mem::replace(&mut self.linked_before, true);
                self.instance.progress.reconnects.fetch_add(again.into(), Ordering::Relaxed);
            }
            Err(error) => self.not_connected(error, now),
        }
    }

    /// Where there is no watch to be had, the broken link tells; of the own FIFO nothing does.
    fn watch_link(&mut self) {
        let (Some(rendezvous), Some(link)) = (&self.rendezvous, &self.link) else {
            return;
        };
        let own = self.own.as_ref().filter(|_| link.kind() == Kind::Fifo).map(OwnFifo::path);
        let watch = self.watch.as_mut();
        let watched = watch.is_some_and(|watch| watch.aim_at_link(rendezvous, own).is_ok());
        self.link_check = (!watched).then(|| clock::monotonic() + LINK_CHECK);
    }

    fn check_link_when_due(&mut self) {
        let now = clock::monotonic();
        if self.link_check.is_some_and(|due| due <= now) {
            self.link_check = Some(now + LINK_CHECK);
            self.look_around();
        }
    }

    /// If the name of the own FIFO leads to another by now, or nowhere, the daemon is given a way
    /// back under another number. Not under the same: it would go on with what it has open, or
    /// open what is not ours. Nor is another's FIFO removed, for it would do the same to ours.
    fn keep_own_fifo(&mut self) {
        let linked = self.link.as_ref().is_some_and(|link| link.kind() == Kind::Fifo);
        let (Some(rendezvous), true) = (&self.rendezvous, linked) else {
            return;
        };
        let Some(lost) = self.own.as_ref().filter(|own| !own.is_in_place()) else {
            return;
        };
        let made = OwnFifo::create(rendezvous, Some(lost.number()));
        if !core::mem::replace(&mut self.complained_of_displacement, true) {
            let path = lost.path().display();
            match &made {
                Ok(own) => diagnostics::warn(format_args!(
                    "{path} was taken away, as by another libdlt with this process id; \
                     the daemon is told to use {}",
                    own.path().display()
                )),
                Err(errno) => diagnostics::warn(format_args!(
                    "{path} was taken away, and no other FIFO can be made: {errno}"
                )),
            }
        }
        let Ok(own) = made else {
            // The daemon may have the old one open still.
            self.link_check = Some(clock::monotonic() + LINK_CHECK);
            return;
        };
        // What the daemon has said so far came the old way.
        self.hear_own_fifo();
        self.session.renumbered(own.number());
        self.own = Some(own);
        self.watch_link();
    }

    fn not_connected(&mut self, error: ConnectError, now: Duration) {
        self.reconnect.failed(now, outlook(error));
        let Some(rendezvous) = self.rendezvous.as_ref() else {
            return;
        };
        if self.complained_of == Some(error) {
            return;
        }
        self.complained_of = Some(error);
        let (base, daemon) = (rendezvous.base().display(), rendezvous.daemon());
        let daemon = daemon.display();
        match error {
            ConnectError::Absent(Errno::ENOENT) if !rendezvous.has_base() => {
                diagnostics::warn(format_args!("{base}: no such directory; waiting for it"));
            }
            // A path that leads nowhere is nobody's intention.
            ConnectError::Absent(
                Errno::EACCES | Errno::ENOTDIR | Errno::ELOOP | Errno::ENAMETOOLONG,
            )
            | ConnectError::Denied(_)
            | ConnectError::NotANode
            | ConnectError::OwnFifo(_) => {
                diagnostics::warn(format_args!("{daemon}: {error}; waiting"));
            }
            ConnectError::Absent(_) => {
                diagnostics::info(format_args!("{daemon}: {error}; waiting for it"));
            }
        }
    }

    fn close_link(&mut self) {
        if self.rendezvous.is_none() {
            return;
        }
        self.link = None;
        self.link_check = None;
        self.blocked = false;
        self.session.closed();
        self.instance.progress.set_reach(Reach::Away);
        self.seek();
    }

    /// What still waits is lost, and counted.
    fn end(&mut self) {
        let instance = self.instance;
        instance.progress.told.store(self.session.told(), Ordering::Relaxed);
        let mut lost = self.session.abandon();
        let observed = self.consumer.observe(&instance.ring);
        self.printer.print_new(instance, observed);
        let mut discard = Discard::default();
        lost += self.consumer.pass(&instance.ring, observed, &mut discard).delivered as u64;
        instance.progress.in_batch.store(0, Ordering::Release);
        instance.losses.abandoned.fetch_add(lost, Ordering::Release);
        instance.progress.set_reach(Reach::Away);
    }
}

/// What is to be expected after a failed try to connect.
fn outlook(error: ConnectError) -> Outlook {
    match error {
        // The node makes an event when it comes, or may be opened at last.
        ConnectError::Absent(Errno::ENOENT) | ConnectError::NotANode => Outlook::Event,
        // Nothing tells when there is room again.
        ConnectError::Denied(Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM | Errno::ENOBUFS) => {
            Outlook::Unannounced
        }
        ConnectError::Denied(_) => Outlook::Event,
        // So does opening a FIFO, but one that is just being opened may have been missed.
        ConnectError::Absent(Errno::ENXIO) => Outlook::Soon,
        // Listening makes none; a daemon does it some time after it made its socket.
        ConnectError::Absent(Errno::ECONNREFUSED) => Outlook::Later,
        // The daemon is there and busy; or it is the application's own FIFO, which nobody watches.
        ConnectError::Absent(_) | ConnectError::OwnFifo(_) => Outlook::Unannounced,
    }
}

#[derive(Debug, Default, Clone, Copy)]
struct Happened {
    bell: bool,
    link_says: bool,
    link_broken: bool,
    own: bool,
    watch: bool,
}
