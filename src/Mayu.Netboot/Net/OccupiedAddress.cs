using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>An address of a pool that a stranger uses, as far as it is known.</summary>
/// <param name="Address">The address.</param>
/// <param name="How">How it is known.</param>
/// <param name="Mac">Who answered, or the client that declined it; null where the answer came through a router.</param>
/// <param name="Since">When it was found first.</param>
/// <param name="At">When it was found last.</param>
internal sealed record OccupiedAddress(Ipv4 Address, OccupiedHow How, MacAddress? Mac, DateTimeOffset Since, DateTimeOffset At)
{
    /// <summary>Until when nobody is given it; it is asked for again then.</summary>
    public DateTimeOffset Until => At + Occupants.Memory;
}
