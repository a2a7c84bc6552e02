//! What AWS answers, held call by call: codes and messages as its documentation and public reports have them.

#[cfg(test)]
mod access;
mod addons;
#[cfg(test)]
mod associations;
#[cfg(test)]
mod client;
#[cfg(test)]
mod consistency;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod listings;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod providers;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod trust;
