namespace Mayu.Core.Provisioning;

/// <summary>The files of cloud-init's data source NoCloud. They may carry secrets: they go to their machine and nowhere else.</summary>
/// <param name="UserData">What the operator's template says.</param>
/// <param name="MetaData"><c>instance-id</c>, which is another after each installation, and <c>local-hostname</c>.</param>
/// <param name="VendorData">What holds for all machines.</param>
/// <param name="NetworkConfig">The network, version 2. cloud-init reads it over HTTP from 24.3 on.</param>
public sealed record NoCloudSeed(string UserData, string MetaData, string VendorData, string NetworkConfig)
{
    /// <summary>The files by their names in the seed.</summary>
    public IEnumerable<(string Name, string Text)> Files => [("meta-data", MetaData), ("user-data", UserData), ("vendor-data", VendorData), ("network-config", NetworkConfig)];

    /// <inheritdoc/>
    public override string ToString() => "NoCloud";
}
