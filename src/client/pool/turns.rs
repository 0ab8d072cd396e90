//! The turns of a worker: it is prepared, then it draws one prompt after another, until none is left or it is
//! lost.

use super::hand::Work;
use super::job::{Ending, Event};
use super::team::{State, Team};
use palette_protocol::{DrawConfig, DrawRequest, Prepared, Reply, Request};

/// Prepares worker `at`, or sets it to work when it is prepared.
pub(super) fn equip(team: &Team, at: usize) {
    let (connection, config, number) = {
        let mut state = team.state();
        let State { hands, job: Some(running), number } = &mut *state else { return };
        let Some(hand) = hands.get_mut(at) else { return };
        let config = running.job.config.clone();
        if let Some(prepared) = hand.prepared_with(&config).cloned() {
            hand.work = Work::Idle;
            let workers = state.prepared(&config);
            drop(state);
            // Each job is told once more what its answers will be rewarded for.
            team.tell(Event::Ready { workers, prepared: Prepared { notes: Vec::new(), ..prepared } });
            return is_ready(team, at);
        }
        (hand.connection.clone(), config, *number)
    };
    let this = team.clone();
    let told = config.clone();
    let id = connection
        .send(Request::Prepare(config), move |reply| hear_preparing(&this, number, at, &told, reply));
    // A worker that could not be started has answered already.
    if connection.is_open(id)
        && let Some(hand) = team.state().hands.get_mut(at)
    {
        hand.work = Work::Preparing(id);
    }
}

fn hear_preparing(team: &Team, number: u64, at: usize, config: &DrawConfig, reply: Reply) {
    if !team.is_current(number) {
        return;
    }
    match reply {
        Reply::Loading(loading) if at == 0 => team.tell(Event::Loading(loading)),
        Reply::Prepared(prepared) => {
            let workers = {
                let mut state = team.state();
                let paused = state.job.as_ref().is_some_and(|running| running.paused);
                let Some(hand) = state.hands.get_mut(at) else { return };
                hand.has(config, (*prepared).clone());
                if paused {
                    hand.hold(true);
                }
                state.prepared(config)
            };
            team.tell(Event::Ready { workers, prepared: *prepared });
            is_ready(team, at);
        }
        Reply::Failed { message } | Reply::Lost { message } => retire(team, at, message),
        Reply::Cancelled => retire(team, at, "A worker was ended while it loaded the models.".to_owned()),
        _ => {}
    }
}

/// Worker `at` can draw. The first one that can has the others prepared.
fn is_ready(team: &Team, at: usize) {
    let others = team.state().others_to_prepare(at);
    next(team, at);
    for other in others {
        equip(team, other);
    }
}

/// Gives worker `at` the next prompt, or ends the job when there is nothing left.
fn next(team: &Team, at: usize) {
    let (connection, request, prompt, number) = {
        let mut state = team.state();
        let State { hands, job: Some(running), number } = &mut *state else { return };
        if let Some(ending) = running.queue.ending() {
            drop(state);
            return team.end(ending);
        }
        let Some(hand) = hands.get_mut(at) else { return };
        let Some(prompt) = running.queue.take() else {
            hand.work = Work::Idle;
            return;
        };
        let request = DrawRequest {
            prompt: running.job.prompts[prompt].clone(),
            sampling: running.job.sampling.clone(),
        };
        hand.is_alive();
        (hand.connection.clone(), request, prompt, *number)
    };
    let this = team.clone();
    let id =
        connection.send(Request::Draw(request), move |reply| hear_drawing(&this, number, at, prompt, reply));
    if connection.is_open(id)
        && let Some(hand) = team.state().hands.get_mut(at)
    {
        hand.work = Work::Drawing { id, tokens: 0 };
    }
}

fn hear_drawing(team: &Team, number: u64, at: usize, prompt: usize, reply: Reply) {
    if !team.is_current(number) {
        return;
    }
    match reply {
        Reply::Drawing(drawing) => {
            if let Some(hand) = team.state().hands.get_mut(at) {
                hand.has_drawn(drawing.tokens);
            }
            team.tell(Event::Drawing { prompt, drawing });
        }
        Reply::Drawn(drawn) => {
            team.state().settle(at, drawn.tokens, None);
            team.tell(Event::Drawn { prompt, drawn: *drawn });
            next(team, at);
        }
        Reply::Failed { message } => {
            skip(team, at, prompt, message);
            next(team, at);
        }
        // Nobody but the pool cancels, and it does not listen any more then: someone has ended the worker.
        Reply::Lost { message } => lost(team, at, prompt, message),
        Reply::Cancelled => lost(team, at, prompt, "A worker was ended.".to_owned()),
        _ => {}
    }
}

fn skip(team: &Team, at: usize, prompt: usize, reason: String) {
    team.state().settle(at, 0, Some(reason.clone()));
    team.tell(Event::Skipped { prompt, reason });
}

/// Worker `at` died over `prompt`.
fn lost(team: &Team, at: usize, prompt: usize, message: String) {
    let (again, restart) = {
        let mut state = team.state();
        let State { hands, job: Some(running), .. } = &mut *state else { return };
        let Some(hand) = hands.get_mut(at) else { return };
        (running.queue.give_back(prompt), hand.died())
    };
    if again {
        team.tell(Event::GivenBack { prompt });
    } else {
        skip(team, at, prompt, message.clone());
    }
    let (over, idle) = {
        let state = team.state();
        let Some(running) = &state.job else { return };
        (running.queue.ending().is_some(), state.idle())
    };
    if over {
        return next(team, at);
    }
    // A worker that has nothing to do takes it over while this one starts again.
    if let Some(idle) = idle {
        next(team, idle);
    }
    if restart {
        equip(team, at);
    } else {
        retire(team, at, message);
    }
}

/// Worker `at` is of no more use in this job.
fn retire(team: &Team, at: usize, message: String) {
    let hopeless = {
        let mut state = team.state();
        let Some(hand) = state.hands.get_mut(at) else { return };
        hand.retire();
        state.is_hopeless()
    };
    if hopeless {
        team.end(Ending::Failed(message));
    } else {
        team.tell(Event::Note(format!("One worker fewer draws: {message}")));
    }
}
