//! The field's words and what people would say instead, each with an explanation.

/// A word of the field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Words for people.
    pub plain: &'static str,
    /// The field's word.
    pub exact: &'static str,
    /// What it means, in sentences.
    pub says: &'static str,
}

pub const BASE: Entry = Entry {
    plain: "before",
    exact: "base",
    says: "The language model as it is: every answer it drew counts the same.",
};
pub const ALIGNED: Entry = Entry {
    plain: "after",
    exact: "aligned",
    says: "The same answers, some now likelier than others, so that the targets are met with the least change.",
};
pub const TARGET: Entry = Entry {
    plain: "asked for",
    exact: "target",
    says: "The level that a value must have on average over all answers. Drag the ring along its lane.",
};
pub const OUT_OF_REACH: Entry = Entry {
    plain: "cannot be had",
    exact: "out of reach",
    says: "No weighting of these answers gives so much of the value while the other targets are met. This is \
        proven, not guessed.",
};
pub const REALISED: Entry = Entry {
    plain: "comes out",
    exact: "realised",
    says: "The average level after alignment. “Above 70 of 100” means: higher than 70 of 100 answers that the \
        model gives by itself.",
};
pub const LAMBDA: Entry = Entry {
    plain: "push",
    exact: "λ per sd",
    says: "How hard a value is pushed: an answer with one standard deviation more of it becomes e to the power \
        of λ times as likely. 0 means that nothing needs to be pushed, 1 is 2.7 times, 3 is 20 times.",
};
pub const MIX: Entry = Entry {
    plain: "How hard each value is pushed",
    exact: "mix of weights λ, per sd",
    says: "The reward weights side by side, each for one standard deviation of its value so that they can be \
        compared. The numbers stand at the strips.",
};
pub const PRICE: Entry = Entry {
    plain: "price",
    exact: "KL",
    says: "How far from the model: the Kullback–Leibler divergence from the model, in nats: how much of what the model would say is \
        given up. 0 is the model itself; 1 nat is as much as picking the best of about 3 drafts allows, 3 nats \
        of about 20.",
};
pub const DRAFTS: Entry = Entry {
    plain: "drafts per answer",
    exact: "k",
    says: "So many answers the model would have to write, at least, for one that is shown: picking one of k \
        drafts can change the model by log k nats at most.",
};
pub const SLACK: Entry = Entry {
    plain: "room left",
    exact: "slack",
    says: "By so many standard deviations every target could be raised at once before the palette is out of \
        reach. Below 0: by so much they would have to be lowered.",
};
pub const SD: Entry = Entry {
    plain: "sd",
    exact: "sd",
    says: "Standard deviation: how far a usual answer lies from the average. One sd above the average is more \
        than about 84 of 100 answers have.",
};
pub const SAMPLES: Entry = Entry {
    plain: "answers it rests on",
    exact: "effective samples",
    says: "When some answers count for much and others for little, the result is as uncertain as one from so \
        many answers that all count the same.",
};
pub const COMPETE: Entry = Entry {
    plain: "Answers compete",
    exact: "pooling",
    says: "“Per prompt”: an answer gains only from other answers to the same question, as when one of several \
        drafts is picked. “Pooled”: from all answers to all questions, as in the paper; cheaper than any \
        picking can be.",
};
pub const QUANTILE: Entry = Entry {
    plain: "of 100 answers",
    exact: "%",
    says: "A quantile: the level that so many of 100 answers of the model stay below.",
};
pub const LOG_ODDS: Entry = Entry {
    plain: "log-odds",
    exact: "log-odds",
    says: "What a reward model says: 0 is as likely as not that an answer has the value, +1 is 73 in 100, +2 is 88 in \
        100, −1 is 27 in 100.",
};
pub const CHANCE: Entry = Entry {
    plain: "chance",
    exact: "p after ÷ p before",
    says: "How many times as likely the answer is after alignment (÷ where it is less likely), and what the values \
        that matter most make of that. The factors of all values are divided by what makes the chances of all answers \
        sum to one.",
};
