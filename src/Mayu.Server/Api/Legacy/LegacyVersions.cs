using System.Collections.Immutable;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Legacy;

/// <summary>The versions that the first Mayu knew, each a field of its own, and a name among a record's versions.</summary>
internal static class LegacyVersions
{
    public const string CoreOS = "CoreOS";
    public const string Flatcar = "Flatcar";
    public const string Mayu = "Mayu";
    public const string Docker = "Docker";
    public const string Fleet = "Fleet";
    public const string Etcd = "Etcd";
    public const string Rkt = "Rkt";
    public const string K8s = "K8s";
    public const string Yochu = "Yochu";

    /// <summary>The longest version that is kept, in characters; the rest is cut off.</summary>
    public const int MaxLength = 64;

    /// <summary>The versions that a machine tells.</summary>
    public static ImmutableSortedDictionary<string, string> Of(Contracts.LegacyHost told)
    {
        (string Name, string? Version)[] all =
        [
            (CoreOS, told.CoreOSVersion), (Flatcar, told.FlatcarVersion), (Mayu, told.MayuVersion), (Docker, told.DockerVersion), (Fleet, told.FleetVersion), (Etcd, told.EtcdVersion),
            (Rkt, told.RktVersion), (K8s, told.K8sVersion), (Yochu, told.YochuVersion),
        ];
        return all.Where(one => !string.IsNullOrEmpty(one.Version))
            .ToImmutableSortedDictionary(one => one.Name, one => CutText.Of(one.Version!, MaxLength), StringComparer.Ordinal);
    }
}
