use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What time it is in AWS: real time, until a test stops it or turns it forward.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    turned: Duration,
    state: State,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Running { since: Instant },
    Stopped { at: Duration },
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            turned: Duration::ZERO,
            state: State::Running { since: Instant::now() },
        }
    }
}

/// A moment, as the time since the start.
pub(crate) type Moment = Duration;

impl Clock {
    pub(crate) fn now(&self) -> Moment {
        let gone = match self.state {
            State::Running { since } => since.elapsed(),
            State::Stopped { at } => at,
        };
        gone + self.turned
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.turned += by;
    }

    pub(crate) fn stop(&mut self) {
        if let State::Running { since } = self.state {
            self.state = State::Stopped { at: since.elapsed() };
        }
    }

    /// The time of day: real time, turned as far as the clock was.
    pub(crate) fn date(&self) -> Date {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Date((real + self.turned).as_secs())
    }
}

/// A date, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date(pub(crate) u64);

impl Date {
    pub(crate) fn after(self, seconds: u64) -> Self {
        Self(self.0 + seconds)
    }

    pub(crate) fn before(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// As XML has it, such as `2026-01-31T23:59:59Z`.
    pub(crate) fn iso(self) -> String {
        let (days, seconds) = (self.0 / 86_400, self.0 % 86_400);
        // Counted from 0000-03-01, so that a leap day is the last day of its year.
        let days = days + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_aws_writes_them() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_772_323_199, "2026-02-28T23:59:59Z"),
            (1_772_323_200, "2026-03-01T00:00:00Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"),
        ] {
            assert_eq!(Date(seconds).iso(), text);
        }
    }

    #[test]
    fn a_stopped_clock_moves_only_when_turned() {
        let mut clock = Clock::default();
        clock.stop();
        let before = clock.now();
        clock.advance(Duration::from_secs(10));
        assert_eq!(clock.now() - before, Duration::from_secs(10));
        assert_eq!(clock.now(), clock.now());
    }
}
