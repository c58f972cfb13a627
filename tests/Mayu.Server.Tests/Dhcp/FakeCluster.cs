using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Server.Dhcp;

namespace Mayu.Server.Tests.Dhcp;

/// <summary>Gives every machine the answer that the test set.</summary>
internal sealed class FakeCluster : IBootAnswers
{
    public BootAnswerKind Kind { get; set; } = BootAnswerKind.Discover;

    public Serial? Serial { get; set; }

    public (Serial? Serial, BootAnswer Answer) AnswerFor(MacAddress mac, Guid? uuid) => (Serial, new BootAnswer(Kind, $"the test says {Kind}"));

    public bool IsTaken(Ipv4 address) => false;
}
