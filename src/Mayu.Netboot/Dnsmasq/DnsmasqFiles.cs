using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Mayu.Linux.Files;
using Mayu.Linux.Processes;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// What dnsmasq needs to start, as it was when it was checked: put back where it was taken away or closed while dnsmasq ran, so that it starts
/// again whatever ended it. The file of single clients is not among it: that is <see cref="DnsmasqHosts"/>'s.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="user">Who dnsmasq runs as; null: as this process does.</param>
/// <param name="roles">As what it may run: whether as a proxy.</param>
/// <exception cref="IOException">A configuration cannot be read.</exception>
internal sealed class DnsmasqFiles(DnsmasqFolder folder, SystemUser? user, IEnumerable<bool> roles)
{
    // What is there as this is made.
    private readonly FrozenDictionary<string, string> _configurations =
        roles.Select(folder.ConfigurationOf).ToFrozenDictionary(file => file, file => BoundedFile.ReadText(file, DnsmasqFolder.LargestFile));

    /// <summary>Puts back what is not there.</summary>
    /// <param name="isInTrouble">Whether dnsmasq does not run: then it is looked whether it may write its leases as well.</param>
    /// <param name="problem">Why not, as a sentence; null on success.</param>
    public bool TryPutBack(bool isInTrouble, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        var missing = _configurations.Keys.Where(file => !File.Exists(file)).ToList();
        if (!isInTrouble && missing.Count == 0)
        {
            return true;
        }

        if (!folder.TryPrepare(user, out problem))
        {
            return false;
        }

        try
        {
            missing.ForEach(file => DnsmasqFolder.Write(file, _configurations[file]));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"engine dnsmasq: {e.Message}";
            return false;
        }
    }
}
