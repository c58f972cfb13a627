namespace Mayu.Server.Dnsmasq;

/// <summary>A user of the system.</summary>
/// <param name="Name">What he is called.</param>
/// <param name="Id">His number.</param>
/// <param name="GroupId">That of his group.</param>
internal sealed record LinuxUser(string Name, uint Id, uint GroupId);
