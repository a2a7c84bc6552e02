#[path = "../../../fuzz/replay.rs"]
mod replay;

#[test]
fn laws_hold_for_every_seed() {
    replay::replay(super::TARGETS);
}
