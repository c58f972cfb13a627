namespace Mayu.Bench.Smoke;

/// <summary>The bodies that a machine was answered: what the peer answers everybody, so that both send the same bytes.</summary>
/// <param name="Chain">The script at the URL that DHCP told.</param>
/// <param name="BootScript">The script of the boot answer.</param>
/// <param name="TokenInitrd">The initial RAM disk that carries the boot token.</param>
/// <param name="FirstStage">The first-stage script.</param>
/// <param name="Config">The provisioning config.</param>
/// <param name="Plan">The install plan.</param>
internal sealed record Answers(byte[] Chain, byte[] BootScript, byte[] TokenInitrd, byte[] FirstStage, byte[] Config, byte[] Plan);
