using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>
/// A machine as the first Mayu's clients read it (<c>GET /admin/hosts</c>) and write it (<c>PUT /admin/host/{serial}/…</c>): the
/// names of its <c>conf.json</c>, in its order. A client sends all of it and means one field, so a key that is not known is ignored.
/// </summary>
public sealed record LegacyHost
{
    /// <summary>The inventory's name for it, or null.</summary>
    [JsonPropertyName("ProviderId")]
    public string? ProviderId { get; init; }

    /// <summary>Whether it is served anything; left out when it is not.</summary>
    [JsonPropertyName("Enabled")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Enabled { get; init; }

    /// <summary>Its serial, or null.</summary>
    [JsonPropertyName("Serial")]
    public string? Serial { get; init; }

    /// <summary>Its MAC addresses, lower case with colons.</summary>
    [JsonPropertyName("MacAddresses")]
    public IReadOnlyList<string>? MacAddresses { get; init; }

    /// <summary>Its internal IPv4 address, or null.</summary>
    [JsonPropertyName("InternalAddr")]
    public string? InternalAddr { get; init; }

    /// <summary>The IPv4 addresses of its further network interfaces, by interface.</summary>
    [JsonPropertyName("AdditionalAddrs")]
    public IReadOnlyDictionary<string, string>? AdditionalAddrs { get; init; }

    /// <summary>The cabinet it stands in: a number, 0 for none.</summary>
    [JsonPropertyName("Cabinet")]
    public ulong? Cabinet { get; init; }

    /// <summary>The IPv4 address of its BMC, or null.</summary>
    [JsonPropertyName("IPMIAddr")]
    public string? IPMIAddr { get; init; }

    /// <summary>Its host name, or null.</summary>
    [JsonPropertyName("Hostname")]
    public string? Hostname { get; init; }

    /// <summary>32 hexadecimal digits for <c>/etc/machine-id</c>, or null.</summary>
    [JsonPropertyName("MachineID")]
    public string? MachineID { get; init; }

    /// <summary>The interface that it boots from, or null.</summary>
    [JsonPropertyName("ConnectedNIC")]
    public string? ConnectedNIC { get; init; }

    /// <summary>Its tags, <c>NAME=VALUE</c>.</summary>
    [JsonPropertyName("FleetMetadata")]
    public IReadOnlyList<string>? FleetMetadata { get; init; }

    /// <summary>Whether its next installation leaves the data disks alone; left out when it does not.</summary>
    [JsonPropertyName("KeepDiskData")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KeepDiskData { get; init; }

    /// <summary>When it last booted (RFC 3339), or null.</summary>
    [JsonPropertyName("LastBoot")]
    public DateTimeOffset? LastBoot { get; init; }

    /// <summary>Its profile, or null.</summary>
    [JsonPropertyName("Profile")]
    public string? Profile { get; init; }

    /// <summary>Its own etcd discovery token: the override <c>etcd_token</c>.</summary>
    [JsonPropertyName("EtcdClusterToken")]
    public string? EtcdClusterToken { get; init; }

    /// <summary>Template variables of this machine.</summary>
    [JsonPropertyName("Overrides")]
    public IReadOnlyDictionary<string, string>? Overrides { get; init; }

    /// <summary>Its state; see <see cref="MachineStates"/>.</summary>
    [JsonPropertyName("State")]
    public string? State { get; init; }

    /// <summary>The version of Container Linux that it runs, or the image that it installed.</summary>
    [JsonPropertyName("CoreOSVersion")]
    public string? CoreOSVersion { get; init; }

    /// <summary>The version of Flatcar that it runs.</summary>
    [JsonPropertyName("FlatcarVersion")]
    public string? FlatcarVersion { get; init; }

    /// <summary>The version of Mayu that installed it.</summary>
    [JsonPropertyName("MayuVersion")]
    public string? MayuVersion { get; init; }

    /// <summary>The version of Docker there.</summary>
    [JsonPropertyName("DockerVersion")]
    public string? DockerVersion { get; init; }

    /// <summary>The version of fleet there.</summary>
    [JsonPropertyName("FleetVersion")]
    public string? FleetVersion { get; init; }

    /// <summary>The version of etcd there.</summary>
    [JsonPropertyName("EtcdVersion")]
    public string? EtcdVersion { get; init; }

    /// <summary>The version of rkt there.</summary>
    [JsonPropertyName("RktVersion")]
    public string? RktVersion { get; init; }

    /// <summary>The version of Kubernetes there.</summary>
    [JsonPropertyName("K8sVersion")]
    public string? K8sVersion { get; init; }

    /// <summary>The version of yochu there.</summary>
    [JsonPropertyName("YochuVersion")]
    public string? YochuVersion { get; init; }
}
