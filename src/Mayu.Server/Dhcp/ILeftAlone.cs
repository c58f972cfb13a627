using Mayu.Core.Addresses;

namespace Mayu.Server.Dhcp;

/// <summary>The one brain, as an engine asks it that is another program and must be told beforehand.</summary>
internal interface ILeftAlone
{
    /// <summary>Which state of the cluster <see cref="LeftAlone"/> speaks of: another object when it may have changed. Never waits.</summary>
    object Version { get; }

    /// <summary>The interfaces of machines whose boot loaders get no answer now: they boot their own disk, or nothing. In the order of their MACs.</summary>
    IEnumerable<MacAddress> LeftAlone();
}
