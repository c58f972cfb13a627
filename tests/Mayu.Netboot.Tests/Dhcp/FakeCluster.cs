using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>Gives every machine the answer that the test set.</summary>
internal sealed class FakeCluster : IBootAnswers
{
    private static readonly BootAnswer[] Answers = [.. Enum.GetValues<BootAnswerKind>().Select(kind => new BootAnswer(kind, $"the test says {kind}"))];

    public BootAnswerKind Kind { get; set; } = BootAnswerKind.Discover;

    public Serial? Serial { get; set; }

    public HashSet<MacAddress> Known { get; } = [];

    public HashSet<Ipv4> Taken { get; } = [];

    public HashSet<MacAddress> Booted { get; } = [];

    public Dictionary<MacAddress, Ipv4> OwnAddresses { get; } = [];

    public int KnownMachines => Known.Count;

    public (Serial? Serial, BootAnswer Answer) AnswerFor(MacAddress mac, Guid? uuid) => (Serial, Answers[(int)Kind]);

    public void Note(MacAddress mac, Guid? uuid)
    {
    }

    public bool IsKnown(MacAddress mac) => Known.Contains(mac);

    public bool HasBooted(MacAddress mac) => Booted.Contains(mac);

    public bool IsTaken(Ipv4 address) => Taken.Contains(address);

    public Ipv4? OwnAddressOf(MacAddress mac) => OwnAddresses.TryGetValue(mac, out var address) ? address : null;
}
