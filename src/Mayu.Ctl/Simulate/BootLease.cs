using Mayu.Protocols.Dhcp;

namespace Mayu.Ctl.Simulate;

/// <summary>What DHCP came to.</summary>
/// <param name="Ack">The address, and who gave it.</param>
/// <param name="Told">Who said what to load: the same, or a proxy.</param>
internal sealed record BootLease(DhcpAnswer Ack, DhcpAnswer Told);
