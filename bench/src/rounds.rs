//! Contestants run in turn, round by round, so that changes of the machine's speed affect all of them.

use crate::condition::Condition;
use crate::contestant::Contestant;
use crate::life::Life;
use crate::measure::Measure;
use crate::progress::Progress;
use crate::quota::Quota;
use crate::sandbox::{SandboxError, Surroundings};
use crate::statistics::{Distribution, Ratio};

/// The number of rounds of which Python takes part in one. It takes ten times as long as all others together.
const PYTHON_EVERY: u32 = 5;

/// The measurements of all contestants under one condition.
pub struct Rounds {
    pub condition: Condition,
    lives: Vec<(Contestant, u32, Life)>,
}

impl Rounds {
    pub async fn run(
        condition: Condition,
        surroundings: &Surroundings,
        quota: Option<&Quota>,
        contestants: &[Contestant],
    ) -> Result<Self, SandboxError> {
        condition.delays.apply(&surroundings.aws);
        let progress = Progress::new(condition.name.title(), condition.rounds);
        // The first run loads the programs into the page cache and lets Python compile its modules.
        for contestant in contestants {
            surroundings.live(*contestant, condition.name, None).await?;
        }
        let mut lives = Vec::new();
        for round in 0..condition.rounds {
            progress.next();
            for contestant in contestants {
                if *contestant != Contestant::Python || round % PYTHON_EVERY == 0 {
                    let life = surroundings.live(*contestant, condition.name, quota).await?;
                    lives.push((*contestant, round, life));
                }
            }
        }
        progress.done();
        Ok(Self { condition, lives })
    }

    /// Returns the contestants that took part, in the usual order.
    pub fn contestants(&self) -> Vec<Contestant> {
        Contestant::ALL.into_iter().filter(|contestant| self.lives_of(*contestant).next().is_some()).collect()
    }

    pub fn lives_of(&self, contestant: Contestant) -> impl Iterator<Item = &Life> {
        self.lives.iter().filter(move |(who, ..)| *who == contestant).map(|(.., life)| life)
    }

    pub fn distribution(&self, contestant: Contestant, measure: Measure) -> Distribution {
        self.lives_of(contestant).flat_map(|life| measure.values(life)).collect()
    }

    pub fn median(&self, contestant: Contestant, measure: Measure) -> f64 {
        self.distribution(contestant, measure).median()
    }

    /// Returns how many times as much `contestant` takes as Usher. The quartiles are of the rounds in which both took
    /// part.
    pub fn ratio(&self, contestant: Contestant, measure: Measure) -> Ratio {
        let value = |who: Contestant, round: u32| {
            let of = self.lives.iter().find(|(other, at, _)| *other == who && *at == round);
            of.map(|(.., life)| measure.value(life))
        };
        let of_rounds = (0..self.condition.rounds)
            .filter_map(|round| Some(value(contestant, round)? / value(Contestant::Usher, round)?))
            .collect();
        let [more, less] = [contestant, Contestant::Usher].map(|who| self.distribution(who, measure));
        Ratio::new(&more, &less, &of_rounds)
    }
}
