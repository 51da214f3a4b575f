//! The next step of a rotation. Pure.
//!
//! A rotation is over when the older secret was retired. Until then, running it again finishes it and begins no other.

use events::Provider;

use super::{Doubt, Facts, Plan, Problem, Step};

/// Plans the next step of a rotation.
pub(crate) fn rotation(facts: &Facts<'_>) -> Result<Plan, Problem> {
    match facts.provider {
        Provider::Luma => of_webhooks(facts),
        _ => of_secret(facts),
    }
}

/// Plans a rotation by a second webhook at the same function, since Luma cannot replace a secret.
fn of_webhooks(facts: &Facts<'_>) -> Result<Plan, Problem> {
    let Some((newest, others)) = facts.webhooks.split_last() else {
        return Err(Problem::NotConnected(facts.provider));
    };
    let listed = facts.listed(&newest.secret);
    let connected = others.iter().rev().find_map(|other| facts.listed(&other.secret)).or(listed);
    let connected = connected.ok_or(Problem::NotConnected(facts.provider))?;
    facts.check_name(connected)?;
    let is_under_way = listed.is_none() || others.iter().any(|other| facts.listed(&other.secret).is_some());
    if !is_under_way {
        return Ok(Plan::Next(Step::Create { variant: newest.variant.max(1) + 1 }));
    }
    let id = newest.id.clone();
    if listed.is_none() {
        // The old webhook still sends every event, so nothing is lost while the new one is paused.
        return Ok(Plan::Next(if newest.is_enabled {
            Step::Disable { id }
        } else {
            Step::Stage { id, account: connected.account.name.clone() }
        }));
    }
    // Resumed before the old one is paused: an event may come twice, under two ids, and none is lost.
    match facts.finish(newest) {
        Some(step @ Step::Enable { .. }) => return Ok(Plan::Confirm(step, Doubt::ChangeOver)),
        Some(step) => return Ok(Plan::Next(step)),
        None => {}
    }
    let old = others.iter().find(|other| other.is_enabled);
    Ok(old
        .map_or(Plan::Done(id), |old| Plan::Confirm(Step::Disable { id: old.id.clone() }, Doubt::ChangeOver)))
}

/// Plans a rotation of the secret itself. The provider signs with the old one, too, for 24 hours, so the new one is staged
/// after it.
fn of_secret(facts: &Facts<'_>) -> Result<Plan, Problem> {
    let webhook = facts.chosen().ok_or(Problem::NotConnected(facts.provider))?;
    let id = webhook.id.clone();
    let Some(listed) = facts.listed(&webhook.secret) else {
        let account = facts.account()?;
        if !facts.has_secret(account.as_ref()) {
            return Err(Problem::NotConnected(facts.provider));
        }
        return Ok(Plan::Next(Step::Stage { id, account }));
    };
    facts.check_name(listed)?;
    if !listed.is_newest {
        return Err(Problem::NotTheNewest(facts.provider));
    }
    if listed.account.secrets.len() < 2 {
        return Ok(Plan::Next(Step::RotateSecret { id }));
    }
    Ok(facts.finish(webhook).map_or(Plan::Done(id), Plan::Next))
}
