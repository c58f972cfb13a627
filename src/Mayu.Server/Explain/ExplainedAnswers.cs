using Mayu.Core.Boot;
using Mayu.Netboot.Dhcp;
using Mayu.Primitives;

namespace Mayu.Server.Explain;

/// <summary>The answers that DHCP gets, for a question about it: what a made-up client tells is not remembered.</summary>
/// <param name="answers">The server's own.</param>
internal sealed class ExplainedAnswers(IBootAnswers answers) : IBootAnswers
{
    /// <inheritdoc/>
    public int KnownMachines => answers.KnownMachines;

    /// <inheritdoc/>
    public (Serial? Serial, BootAnswer Answer) AnswerFor(MacAddress mac, Guid? uuid) => answers.AnswerFor(mac, uuid);

    /// <inheritdoc/>
    public void Note(MacAddress mac, Guid? uuid)
    {
        // Nobody said it.
    }

    /// <inheritdoc/>
    public bool IsTaken(Ipv4 address) => answers.IsTaken(address);

    /// <inheritdoc/>
    public bool IsKnown(MacAddress mac) => answers.IsKnown(mac);

    /// <inheritdoc/>
    public bool HasBooted(MacAddress mac) => answers.HasBooted(mac);

    /// <inheritdoc/>
    public Ipv4? OwnAddressOf(MacAddress mac) => answers.OwnAddressOf(mac);
}
