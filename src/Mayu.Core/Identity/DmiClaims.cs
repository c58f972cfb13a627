namespace Mayu.Core.Identity;

/// <summary>What firmware says of itself, as it says it: DMI fields, or iPXE's variables of them. Null where it says nothing.</summary>
/// <param name="Serial">Product serial (SMBIOS type 1).</param>
/// <param name="BoardSerial">Board serial (SMBIOS type 2).</param>
/// <param name="Uuid">System UUID (SMBIOS type 1).</param>
public readonly record struct DmiClaims(string? Serial, string? BoardSerial, Guid? Uuid);
