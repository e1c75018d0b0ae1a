// SPDX-License-Identifier: GPL-3.0-or-later
public import Certificates
internal import Foundation
public import Report
internal import TOMLText

/// What a laboratory states once for all its certificates, from a TOML file.
public struct LaboratoryFile: Sendable {
  /// The parties, the order and the product.
  public var delivery = Delivery()
  /// The language of certificates.
  public var language: Language?
  /// The sheet.
  public var paper: PaperSize?
  /// The pattern of numbers, with `{year}` and `{sequence}`.
  public var numberPattern: String?
  /// The folder of the register.
  public var register: String?
  /// The file of the private key.
  public var key: String?

  /// Nothing stated.
  public init() {}

  /// Reads a file; names of other files in it are taken from its own folder.
  ///
  /// Throws one sentence that names the key.
  public init(file path: String) throws(InputError) {
    let text: LaboratoryText
    do { text = try decodeTOML(LaboratoryText.self, from: readSettingsText(path)) } catch let error
      as InputError
    {
      throw error
    } catch {
      throw InputError("“\(path)”: \(error)")
    }
    let folder = URL(filePath: path).deletingLastPathComponent()
    func beside(_ name: String?) -> String? {
      name.map { $0.hasPrefix("/") ? $0 : folder.appending(path: $0).path }
    }
    do { try text.check() } catch { throw InputError("“\(path)”: \(error)") }
    delivery = text.delivery
    language = text.language
    paper = text.paper
    numberPattern = text.number
    register = beside(text.register)
    key = beside(text.key)
  }

  /// A file to start from, with every key explained.
  public static func template() throws(InputError) -> String {
    guard let folder = Bundle.module.url(forResource: "Laboratory", withExtension: nil) else {
      throw InputError("the folder Laboratory is missing beside the program; install it again")
    }
    return try readSettingsText(folder.appending(path: "laboratory.toml").path)
  }
}

/// The file as it is written.
private struct LaboratoryText: Decodable {
  struct Address: Decodable {
    var name: String
    var street: String?
    var postal_code: String?
    var city: String?
    var country: String?
    var accreditation: String?

    var party: Party {
      var party = Party(name: name)
      party.street = street
      party.postalCode = postal_code
      party.city = city
      party.country = country
      party.accreditation = accreditation
      return party
    }
  }
  struct Purchase: Decodable {
    var number: String
    var item: String?
    var date: String?
  }
  struct Goods: Decodable {
    var description: String
    var specification: String?
    var drawing: String?
    var dimensions: String?
    var quantity: String?
    var batch: String?
    var condition: String?
    var delivery_note: String?
  }
  struct Representative: Decodable {
    var name: String
    var position: String?
  }
  var language: Language?
  var paper: PaperSize?
  var number: String?
  var register: String?
  var key: String?
  var `operator`: String?
  var performed_from: String?
  var performed_to: String?
  var laboratory: Address?
  var manufacturer: Address?
  var customer: Address?
  var order: Purchase?
  var product: Goods?
  var inspection_representative: Representative?

  var delivery: Delivery {
    var delivery = Delivery()
    delivery.laboratory = laboratory?.party
    delivery.manufacturer = manufacturer?.party
    delivery.customer = customer?.party
    delivery.operatorName = `operator`
    delivery.performed = (performed_from ?? performed_to).map { day in
      Period(from: day, to: performed_to ?? day)
    }
    if let order {
      delivery.order = Order(number: order.number)
      delivery.order?.item = order.item
      delivery.order?.date = order.date
    }
    if let product {
      var goods = Product(description: product.description)
      goods.specification = product.specification
      goods.drawing = product.drawing
      goods.dimensions = product.dimensions
      goods.quantity = product.quantity
      goods.batch = product.batch
      goods.condition = product.condition
      goods.deliveryNote = product.delivery_note
      delivery.product = goods
    }
    delivery.inspectionRepresentative = inspection_representative.map {
      Person(name: $0.name, position: $0.position)
    }
    return delivery
  }

  /// What the types do not check.
  func check() throws(InputError) {
    for (key, party) in [("laboratory", laboratory), ("manufacturer", manufacturer), ("customer", customer)] {
      guard let party else { continue }
      guard !party.name.isEmpty else { throw InputError("[\(key)] has an empty name") }
      if let country = party.country,
        country.utf8.count != 2 || !country.utf8.allSatisfy({ (65...90).contains($0) })
      {
        throw InputError("[\(key)] country = “\(country)” is not two capital letters such as DE or CN")
      }
    }
    let days = [
      ("[order] date", order?.date), ("performed_from", performed_from), ("performed_to", performed_to),
    ]
    for (key, day) in days {
      guard let day, day.utf8.count != 10 || (try? Date(day + "T00:00:00Z", strategy: .iso8601)) == nil else {
        continue
      }
      throw InputError("\(key) = “\(day)” is no day written as YYYY-MM-DD")
    }
    if let number, !number.contains("{sequence}") {
      throw InputError("number = “\(number)” has no {sequence}, which tells certificates apart")
    }
    if number != nil, register == nil {
      throw InputError("number needs a register, which knows the numbers that are taken")
    }
  }
}
