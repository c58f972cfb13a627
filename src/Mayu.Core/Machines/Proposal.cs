using System.Collections.Immutable;

namespace Mayu.Core.Machines;

/// <summary>What a decision wants done: a record put in place, nothing, or a refusal.</summary>
public abstract record Proposal
{
    private Proposal()
    {
    }

    /// <summary>Put this record in place of the machine's former one.</summary>
    /// <param name="Machine">The next record.</param>
    /// <param name="What">What changed, as the subject of its history entry: <c>updated state to running</c>.</param>
    public sealed record Put(Machine Machine, string What) : Proposal
    {
        /// <summary>Pins that are fulfilled by it, and removed in the same change.</summary>
        public ImmutableArray<PinKey> Fulfils { get; init; } = [];

        /// <summary>What the asker is told in place of the record: the change is a note about a refusal (a conflict that is flagged).</summary>
        public Refusal? Refusal { get; init; }

        /// <summary>
        /// Only what the machine says of itself differs, and it stays in its state: it may say something else each time, for ever. The
        /// caller sees that this does not fill the history.
        /// </summary>
        public bool IsReport { get; init; }
    }

    /// <summary>Remove the machine's record: its address and slot are free again. Its history stays.</summary>
    /// <param name="Machine">The record as it stands.</param>
    /// <param name="What">What changed, as the subject of its history entry.</param>
    public sealed record Delete(Machine Machine, string What) : Proposal;

    /// <summary>Put this pin in place of the former one of its key.</summary>
    /// <param name="Pin">The pin.</param>
    /// <param name="What">What changed, as the subject of its history entry.</param>
    public sealed record PutPin(Pin Pin, string What) : Proposal;

    /// <summary>Remove a pin.</summary>
    /// <param name="Key">Its key.</param>
    /// <param name="What">What changed, as the subject of its history entry.</param>
    public sealed record DeletePin(PinKey Key, string What) : Proposal;

    /// <summary>All is already as asked.</summary>
    /// <param name="Machine">The record as it stands; null where none is concerned.</param>
    public sealed record Nothing(Machine? Machine) : Proposal;

    /// <summary>It must not be done.</summary>
    /// <param name="Refusal">Why.</param>
    public sealed record Refuse(Refusal Refusal) : Proposal;

    /// <summary>A refusal in short.</summary>
    public static Proposal Refused(RefusalReason reason, string detail) => new Refuse(new Refusal(reason, detail));
}

/// <summary>Why something asked of a machine is not done.</summary>
/// <param name="Reason">The kind.</param>
/// <param name="Detail">A sentence that names the machine and says what to do next.</param>
public sealed record Refusal(RefusalReason Reason, string Detail)
{
    /// <summary>The same for a trace and a list, where there is room for a line: a sentence that says where all of it is. Null: <see cref="Detail"/> is short enough.</summary>
    public string? Summary { get; init; }

    /// <summary>The fields of the request that it is about; empty: it is about none of them.</summary>
    public ImmutableArray<FieldFault> Faults { get; init; } = [];

    /// <summary>The same, about a field of the request.</summary>
    /// <param name="field">The field, as <see cref="FieldFault.Field"/>.</param>
    public Refusal Of(string field) => this with { Faults = Faults.IsEmpty ? [new FieldFault(field, Detail)] : [.. Faults.Select(fault => fault.Within(field))] };

    /// <summary>Several as one, so that all are told at once. If one of them is invalid, so is the request.</summary>
    /// <param name="refusals">At least one.</param>
    public static Refusal Together(IReadOnlyCollection<Refusal> refusals)
    {
        var first = refusals.FirstOrDefault(refusal => refusal.Reason == RefusalReason.Invalid) ?? refusals.First();
        return refusals.Count == 1 ? first : first with
        {
            Detail = string.Join(' ', refusals.Select(refusal => refusal.Detail)),
            Summary = null,
            Faults = refusals.All(refusal => refusal.Faults.IsEmpty) ? []
                : [.. refusals.SelectMany(refusal => refusal.Faults.IsEmpty ? [new FieldFault(FieldFault.Whole, refusal.Detail)] : refusal.Faults)],
        };
    }
}

/// <summary>The kinds of refusal. The protocols translate them: HTTP status, exit code.</summary>
public enum RefusalReason
{
    /// <summary>There is no such machine.</summary>
    NotFound,

    /// <summary>What was said makes no sense.</summary>
    Invalid,

    /// <summary>The life cycle does not allow it in the machine's state.</summary>
    StateForbids,

    /// <summary>Another machine has the serial, the MAC or the address.</summary>
    Conflict,

    /// <summary>No address is free in the pool.</summary>
    PoolFull,

    /// <summary>An operator switched the machine off.</summary>
    Disabled,

    /// <summary>Whoever asks may not change this machine.</summary>
    NotAllowed,

    /// <summary>The record is not the one any more that the change was made for.</summary>
    Stale,
}

/// <summary>What became of a change.</summary>
/// <param name="Machine">The record as it stands now, or stood when it was deleted; null when refused, and where no machine is concerned.</param>
/// <param name="Refusal">Why it was not done; null when it was.</param>
public sealed record ChangeOutcome(Machine? Machine, Refusal? Refusal);
